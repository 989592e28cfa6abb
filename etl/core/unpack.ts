import { pipeline, Readable, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import { CsvError, UsageError } from "./errors";
import type { Bytes } from "./ports";

/** How a body is packed. */
export type Packing = "none" | "gzip" | "zstd";

const ENDINGS: readonly (readonly [string, Packing])[] = [
  [".gz", "gzip"],
  [".zst", "zstd"],
];

/** How a body is packed as its name says. */
export function packingOf(name: string): Packing {
  return ENDINGS.find(([ending]) => name.endsWith(ending))?.[1] ?? "none";
}

/**
 * Unpacks a body as a stream.
 *
 * @param name what messages call it
 * @throws CsvError where it is not packed so, or ends too early
 * @throws UsageError where Node is too old for zstd: that came with 22.15 and 23.8
 */
export async function* unpack(bytes: Bytes, packing: Packing, name: string): Bytes {
  if (packing === "none") {
    yield* bytes;
    return;
  }
  let failure: { readonly reason: unknown } | undefined;
  async function* watched(): Bytes {
    // A failure of the unpacking is thrown in here, too, where a piece is out.
    let isOut = false;
    try {
      for await (const piece of bytes) {
        isOut = true;
        yield piece;
        isOut = false;
      }
    } catch (reason) {
      if (!isOut) failure = { reason };
      throw reason;
    }
  }
  // An error of either stream ends both with it; the loop meets it.
  const unpacked = pipeline(
    Readable.from(watched()),
    packing === "gzip" ? zlib.createGunzip() : createUnzstd(name),
    () => undefined,
  );
  try {
    yield* unpacked;
  } catch (cause) {
    if (failure !== undefined) throw failure.reason;
    throw new CsvError("This file cannot be unpacked", {
      got: cause instanceof Error ? cause.message : String(cause),
      expected: packing,
      where: { source: name },
      fix: "Upload it again, whole; one that is not packed has no such ending in its name",
      cause,
    });
  }
}

/** The types are those of Node 20, which has no zstd. */
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform };

function createUnzstd(name: string): Transform {
  if (createZstdDecompress !== undefined) return createZstdDecompress();
  throw new UsageError("This Node cannot unpack zstd", {
    got: process.version,
    expected: "Node 22.15 or later",
    where: { source: name },
    fix: "Use a newer Node, or pack the file with gzip",
  });
}
