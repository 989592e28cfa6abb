import { resume } from "../../../../etl/core/csv/unpack/unpack";
import type { Bytes } from "../../../../etl/core/ports";

/** The beginning of a stream, and the stream with it. */
export interface Peeked {
  readonly head: Buffer;
  /** Whether the head is the whole stream. */
  readonly isWhole: boolean;
  readonly bytes: Bytes;
}

/** Reads a number of bytes of a stream ahead; fewer if it ends before. */
export async function peek(bytes: Bytes, wanted: number): Promise<Peeked> {
  const rest = bytes[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  while (length < wanted && !isWhole) {
    const { value, done } = await rest.next();
    if (done === true) isWhole = true;
    else {
      // A reader may use its buffer again for the next piece.
      pieces.push(Buffer.from(value));
      length += value.length;
    }
  }
  return { head: Buffer.concat(pieces), isWhole, bytes: resume(pieces, rest) };
}
