import type { Bytes } from "../../../etl/core/ports";

/** A text, or bytes, as a stream in chunks of `size` bytes. Default: one chunk. */
export async function* bytesOf(content: string | Uint8Array, size = Number.POSITIVE_INFINITY): Bytes {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  if (bytes.length === 0) return;
  const step = Math.min(size, bytes.length);
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}
