import { pipeline, Readable, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import { CsvError, UsageError } from "../../errors";
import type { Bytes } from "../../ports";
import { type Packing, packingOfBytes, SIGNATURE_BYTES } from "./packing";
import { closeUnread, peek } from "./peek";
import { unzip } from "./unzip";

/**
 * Unpacks a body as a stream.
 *
 * @param name its name in messages
 * @throws CsvError if it is packed differently, ends too early, or is packed twice
 * @throws UsageError if Node is too old for zstd, which came with 22.15 and 23.8
 */
export async function* unpack(bytes: Bytes, packing: Packing, name: string): Bytes {
  if (packing === "none") {
    yield* bytes;
    return;
  }
  if (packing === "zip") {
    yield* refuseTwice(unzip(bytes, name), packing, name);
    return;
  }
  const unpacking = packing === "gzip" ? zlib.createGunzip() : await createUnzstd(bytes, name);
  let failure: { readonly reason: unknown } | undefined;
  let first: Uint8Array | undefined;
  async function* watched(): Bytes {
    // A failure of the unpacking is thrown in here, too, while the caller has a piece.
    let isOut = false;
    try {
      for await (const piece of bytes) {
        isOut = true;
        first ??= piece;
        yield piece;
        isOut = false;
      }
    } catch (reason) {
      if (!isOut) failure = { reason };
      throw reason;
    }
  }
  // An error of either stream ends both; the loop throws it.
  const unpacked = pipeline(Readable.from(watched()), unpacking, () => undefined);
  try {
    yield* refuseTwice(unpacked, packing, name);
  } catch (cause) {
    if (failure !== undefined) throw failure.reason;
    if (cause instanceof CsvError) throw cause;
    const isPacked = packingOfBytes(first ?? new Uint8Array()) === packing;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isFollowed = isPacked && reason === "incorrect header check";
    throw new CsvError("This file cannot be unpacked", {
      got: isFollowed ? `other data after the end of its ${packing}` : reason,
      expected: packing,
      where: { source: name },
      fix: isPacked ? "Upload it again, whole" : "Upload it again: it is packed differently",
      cause,
    });
  }
}

/**
 * Unpacks a body as a stream if its first bytes show that it is packed.
 *
 * @param onPacking called with the packing, before the first piece
 * @throws like {@link unpack}
 */
export async function* unpackByContent(
  bytes: Bytes,
  name: string,
  onPacking: (packing: Packing) => void = () => undefined,
): Bytes {
  const { head, bytes: all } = await peek(bytes, SIGNATURE_BYTES);
  const packing = packingOfBytes(head.subarray(0, SIGNATURE_BYTES));
  onPacking(packing);
  yield* unpack(all, packing, name);
}

async function* refuseTwice(unpacked: Bytes, packing: Packing, name: string): Bytes {
  let isFirst = true;
  for await (const piece of unpacked) {
    const within = isFirst ? packingOfBytes(piece) : "none";
    if (within !== "none") {
      throw new CsvError("This file is packed twice", {
        got: `${within} within ${packing}`,
        where: { source: name },
        fix: "Pack it once",
      });
    }
    isFirst = false;
    yield piece;
  }
}

/** The types are those of Node 20, which has no zstd. */
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform };

async function createUnzstd(bytes: Bytes, name: string): Promise<Transform> {
  if (createZstdDecompress !== undefined) return createZstdDecompress();
  await closeUnread(bytes);
  throw new UsageError("This Node cannot unpack zstd", {
    got: process.version,
    expected: "Node 22.15 or later",
    where: { source: name },
    fix: "Use a newer Node, or pack the file with gzip",
  });
}
