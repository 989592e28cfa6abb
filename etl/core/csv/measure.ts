import { createHash } from "node:crypto";
import type { Bytes } from "../ports";

/** Bytes on their way, and what went by once they are through. */
export interface Measured {
  readonly bytes: Bytes;
  /** Of the bytes read so far; sha256 in hex. May be asked once. */
  total(): { readonly sha256: string; readonly bytes: number };
}

/**
 * Passes bytes on unchanged and takes their sha256 and count on the way.
 *
 * @param onBytes told the count so far at each chunk
 */
export function measure(bytes: Bytes, onBytes: (done: number) => void = () => undefined): Measured {
  const hash = createHash("sha256");
  let count = 0;
  return {
    bytes: tap(bytes, (chunk) => {
      hash.update(chunk);
      count += chunk.length;
      onBytes(count);
    }),
    total: () => ({ sha256: hash.digest("hex"), bytes: count }),
  };
}

async function* tap(bytes: Bytes, see: (chunk: Uint8Array) => void): Bytes {
  for await (const chunk of bytes) {
    see(chunk);
    yield chunk;
  }
}
