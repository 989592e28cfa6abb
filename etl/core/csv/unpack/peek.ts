import type { Bytes } from "../../ports";

/** The beginning of a stream, and the stream with it. */
export interface Peeked {
  readonly head: Buffer;
  /** Whether the head is the whole stream. */
  readonly isWhole: boolean;
  readonly bytes: Bytes;
}

/**
 * Reads a number of bytes of a stream ahead; fewer if it ends before.
 *
 * @param look called with them; if it throws, the stream is closed
 */
export async function peek(bytes: Bytes, wanted: number, look?: (head: Buffer) => void): Promise<Peeked> {
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
  const head = Buffer.concat(pieces);
  try {
    look?.(head);
  } catch (error) {
    await rest.return?.();
    throw error;
  }
  return { head, isWhole, bytes: resume(pieces, rest) };
}

/** Closes a stream of which nothing was read: a generator that was not begun would not close what it reads. */
export async function closeUnread(bytes: Bytes): Promise<void> {
  for await (const _ of bytes) return;
}

/** The pieces of a stream that was read to look at them, and its rest. */
export async function* resume(beginning: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): Bytes {
  try {
    yield* beginning;
    yield* { [Symbol.asyncIterator]: () => rest };
  } finally {
    await rest.return?.();
  }
}
