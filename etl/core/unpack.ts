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
  const source = Readable.from(bytes);
  // An error of either stream ends both; the loop meets it.
  const unpacked = pipeline(source, packing === "gzip" ? zlib.createGunzip() : createUnzstd(name), () => undefined);
  try {
    yield* unpacked;
  } catch (cause) {
    if (source.errored !== null && source.errored === cause) throw cause;
    throw new CsvError("This file cannot be unpacked", {
      got: cause instanceof Error ? cause.message : String(cause),
      expected: packing,
      where: { source: name },
      fix: "Upload it again, whole",
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
