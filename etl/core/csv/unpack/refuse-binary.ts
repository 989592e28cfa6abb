import type { Encoding } from "../../contract/contract";
import { CsvError } from "../../errors";
import type { Bytes } from "../../ports";
import { adviseOnEncoding, adviseOnFormat, isUtf16 } from "./packing";
import { peek } from "./peek";

/** The number of bytes that show whether a file is text. */
export const LOOKED_AT = 4_096;
/**
 * Text has no control characters except those for lines, tabs and pages; a single mistaken one concerns only its row.
 */
const [LEAST, ONE_IN] = [8, 16];

interface Text {
  readonly encoding?: Encoding;
  /** It may be a control character. */
  readonly delimiter?: string;
}

/** Whether a file's first bytes are not text. */
export function isBinary(first: Uint8Array, text: Text): boolean {
  const bytes = first.subarray(0, LOOKED_AT);
  const count = countControls(bytes, text);
  return count >= LEAST && count * ONE_IN > bytes.length;
}

/** In UTF-16 half of a plain text's bytes are NUL. */
function countControls(bytes: Uint8Array, { encoding = "utf-8", delimiter = "," }: Text): number {
  if (encoding === "utf-16") return 0;
  const separator = delimiter.charCodeAt(0);
  return bytes.reduce((count, byte) => (isControl(byte) && byte !== separator ? count + 1 : count), 0);
}

function isControl(byte: number): boolean {
  return byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127;
}

/**
 * Passes the bytes of an object on, from its first.
 *
 * @param source its name in messages
 * @throws CsvError before the first of them if they are not text
 */
export async function* refuseBinary(bytes: Bytes, source: string, text: Text): Bytes {
  const { bytes: all } = await peek(bytes, LOOKED_AT, (head) => refuse(head, source, text));
  yield* all;
}

function refuse(first: Uint8Array, source: string, text: Text): void {
  if (!isBinary(first, text)) return;
  const bytes = first.subarray(0, LOOKED_AT);
  const elsewhere = "It is not a CSV: name another file, or keep it out of the folder or prefix";
  throw new CsvError("This is binary, not text", {
    got: `${countControls(bytes, text)} of its first ${bytes.length} bytes that no text has, such as NUL`,
    expected: text.encoding ?? "utf-8",
    where: { source },
    fix: adviseOnFormat(bytes) ?? (isUtf16(bytes) ? adviseOnEncoding(bytes) : elsewhere),
  });
}
