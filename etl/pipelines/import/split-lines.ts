import { isUtf8 } from "node:buffer";
import { adviseOnText } from "../../core/csv/packing";
import { CsvError } from "../../core/errors";
import type { Bytes } from "../../core/ports";

const NEWLINE = 10;
const BYTE_ORDER_MARK = Buffer.from("\uFEFF");
/** A longer line is nearly always no CSV. */
const LONGEST_LINE = 1_048_576;

/** Whole lines, each with its newline. */
export interface LineBlock {
  readonly bytes: Buffer;
  /** The byte of the object that they begin at. */
  readonly offset: number;
}

/**
 * Cuts a stream into blocks of whole lines; the last line gets a newline where it has none. A byte order mark is left out.
 *
 * @param offset where in its object the stream begins
 * @throws CsvError where the text is not UTF-8, or a line is longer than 1 MiB
 */
export async function* splitLines(bytes: Bytes, offset: number, source: string): AsyncGenerator<LineBlock> {
  let rest: Uint8Array = Buffer.alloc(0);
  let at = offset;
  for await (const piece of bytes) {
    const block =
      rest.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.length) : Buffer.concat([rest, piece]);
    const end = block.lastIndexOf(NEWLINE) + 1;
    if (block.length - end > LONGEST_LINE) throw tooLong(source, at + end);
    if (end > 0) yield checkedBlock(block.subarray(0, end), at, source);
    rest = block.subarray(end);
    at += end;
  }
  if (rest.length > 0) yield checkedBlock(Buffer.concat([rest, Buffer.of(NEWLINE)]), at, source);
}

function checkedBlock(bytes: Buffer, offset: number, source: string): LineBlock {
  if (!isUtf8(bytes)) throw notUtf8(bytes, offset, source);
  const isMarked = offset === 0 && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const skip = isMarked ? BYTE_ORDER_MARK.length : 0;
  return { bytes: bytes.subarray(skip), offset: offset + skip };
}

function notUtf8(bytes: Buffer, offset: number, source: string): CsvError {
  let start = 0;
  let end = bytes.indexOf(NEWLINE) + 1;
  while (isUtf8(bytes.subarray(start, end))) {
    start = end;
    end = bytes.indexOf(NEWLINE, start) + 1;
  }
  return new CsvError("This object is not UTF-8 text", {
    expected: "UTF-8",
    where: { source, offset: offset + start },
    fix: adviseOnText(bytes),
  });
}

function tooLong(source: string, offset: number): CsvError {
  return new CsvError("A line is longer than 1 MiB", {
    where: { source, offset },
    fix: "Is this object a CSV? Where its quoted fields hold line breaks, let the contract say quotedLineBreaks",
  });
}
