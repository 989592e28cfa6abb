import type { ListedObject, RangedObjects } from "../../objects/objects";
import type { Bytes } from "../../ports";
import { resume } from "./peek";

const NEWLINE = 10;
/** The size of each read beyond a chunk, to the end of its last line. */
const TAIL_BYTES = 65_536;

/** Whole lines of an object. */
export interface Lines {
  /** Their first byte in the object. */
  readonly offset: number;
  readonly bytes: Bytes;
}

/** A part of an object. */
interface Range extends Pick<ListedObject, "key" | "etag" | "bytes"> {
  readonly start: number;
  readonly end: number;
}

/**
 * Opens the lines that begin in `[start, end)`: a line that began before belongs to the previous chunk, and the last
 * line is read to its end. For any cuts, each line of the object is in exactly one chunk.
 *
 * @returns undefined if no line begins in the range
 */
export async function openLines(objects: Pick<RangedObjects, "openRange">, range: Range): Promise<Lines | undefined> {
  const { start, end } = range;
  if (start === 0) return { offset: 0, bytes: toLineEnd(await objects.openRange(range, 0, end), objects, range) };
  // The byte before the range shows whether a line begins at its first.
  let at = start - 1;
  const pieces = (await objects.openRange(range, at, end))[Symbol.asyncIterator]();
  for (;;) {
    const { value: piece, done } = await pieces.next();
    if (done === true) return undefined;
    const newline = piece.indexOf(NEWLINE);
    if (newline !== -1) {
      const offset = at + newline + 1;
      if (offset < end) {
        return { offset, bytes: toLineEnd(resume([piece.subarray(newline + 1)], pieces), objects, range) };
      }
      await pieces.return?.();
      return undefined;
    }
    at += piece.length;
  }
}

/** Reads beyond the range to the end of its last line. */
async function* toLineEnd(bytes: Bytes, objects: Pick<RangedObjects, "openRange">, range: Range): Bytes {
  let last: number | undefined;
  for await (const piece of bytes) {
    yield piece;
    last = piece.at(-1) ?? last;
  }
  for (let at = range.end; last !== NEWLINE && at < range.bytes; at += TAIL_BYTES) {
    for await (const piece of await objects.openRange(range, at, Math.min(at + TAIL_BYTES, range.bytes))) {
      const newline = piece.indexOf(NEWLINE);
      yield newline === -1 ? piece : piece.subarray(0, newline + 1);
      if (newline === -1) continue;
      last = NEWLINE;
      break;
    }
  }
}
