import { createHash } from "node:crypto";
import type { Bytes } from "../ports";

/** Bytes of a stream, and their measure after its end. */
export interface Measured {
  readonly bytes: Bytes;
  /** Of the bytes read so far; sha256 in hex. May be called once. */
  total(): { readonly sha256: string; readonly bytes: number };
}

/**
 * Passes bytes on unchanged, and computes their sha256 and count.
 *
 * @param onBytes called with the count so far at each chunk
 */
export function measure(bytes: Bytes, onBytes: (done: number) => void = () => undefined): Measured {
  const hash = createHash("sha256");
  let count = 0;
  async function* measured(): Bytes {
    for await (const chunk of bytes) {
      hash.update(chunk);
      count += chunk.length;
      onBytes(count);
      yield chunk;
    }
  }
  return { bytes: measured(), total: () => ({ sha256: hash.digest("hex"), bytes: count }) };
}
