import { isUtf8 } from "node:buffer";
import { adviseOnText, isUtf16 } from "../csv/unpack/packing";
import { UsageError } from "../errors";

/** Excel's first line, which says the delimiter. */
const SEP = /^(?:\uFEFF)?"?sep=.?"?\r?\n/i;
const SAVE = 'Save it as "CSV UTF-8" in the spreadsheet, and run again: nothing was mended';

/**
 * What a spreadsheet may have made from a file in UTF-8, as text in UTF-8 again, line for line. Other encodings are refused: which one it is
 * cannot be known, and a wrong guess would load wrong values.
 *
 * @throws UsageError where it cannot be read so
 */
export function plainText(name: string, content: Buffer): Buffer {
  const text = isUtf16(content) ? fromUtf16(content) : content;
  if (!isUtf8(text)) {
    const before = text.toString().split("\uFFFD", 1)[0] ?? "";
    throw new UsageError("The file is not in UTF-8", {
      expected: "UTF-8, as the command rejected wrote it, or UTF-16",
      where: { source: name, line: before.split("\n").length },
      fix: `${adviseOnText(text)}. ${SAVE}`,
    });
  }
  if (!text.includes("\n") && text.includes("\r")) {
    throw new UsageError("The lines of this file end in CR only", {
      expected: "LF, or CR and LF",
      where: { source: name, line: 1 },
      fix: SAVE,
    });
  }
  const sep = SEP.exec(text.toString("utf8", 0, 16))?.[0];
  // An empty line in its place: the numbers of the others stay.
  return sep === undefined ? text : text.subarray(Buffer.byteLength(sep) - 1);
}

function fromUtf16(content: Buffer): Buffer {
  const isBigEndian = content[0] === 0xfe || (content[0] === 0 && content[1] !== 0);
  return Buffer.from(new TextDecoder(isBigEndian ? "utf-16be" : "utf-16le").decode(content));
}
