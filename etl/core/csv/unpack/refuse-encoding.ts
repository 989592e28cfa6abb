import type { Encoding } from "../../contract/contract";
import { startsWith } from "../../contract/fields/bytes";
import { CsvError, type ErrorDetails } from "../../errors";
import { EncodingEvidence, type SingleByte } from "./encoding-evidence";
import { adviseOnFormat, isUtf16 } from "./packing";

const UTF8_MARK = Buffer.from("\uFEFF");
const NUL = 0;
const ONE_ENCODING = "Ask for files of one encoding, and set encoding in the contract to it";

/**
 * In UTF-16 each delimiter and line end has a NUL.
 *
 * @throws CsvError if these first bytes are not UTF-16
 */
export function requireUtf16(first: Uint8Array, source: string): void {
  const advice = adviseOnFormat(first);
  if (first.length === 0 || (advice === undefined && (isUtf16(first) || first.includes(NUL)))) return;
  const got = "neither its byte order mark nor a NUL";
  throw notText("utf-16", { got, where: { source, offset: 0 }, fix: advice ?? ONE_ENCODING });
}

/** @throws CsvError if these first bytes are of another encoding */
export function refuseSingleByteHead(first: Uint8Array, encoding: SingleByte, source: string): void {
  const where = { source, offset: 0 };
  if (startsWith(first, 0, UTF8_MARK))
    throw notText(encoding, { got: "the byte order mark of UTF-8", where, fix: adviseOther("utf-8") });
  if (isUtf16(first)) throw notText(encoding, { got: "UTF-16", where, fix: adviseOther("utf-16") });
  const evidence = new EncodingEvidence(encoding);
  evidence.add(first);
  refuseUndefined(evidence, encoding, source);
  refuseUtf8(evidence, encoding, source);
}

/**
 * All bytes of UTF-8 but five are characters of windows-1252, too: where more of the characters beyond ASCII are of UTF-8
 * than are not, a text is not windows-1252.
 *
 * @throws CsvError if it is UTF-8, or for the most part
 */
export function refuseUtf8(evidence: EncodingEvidence, encoding: SingleByte, source: string): void {
  const { utf8, others, firstUtf8 } = evidence;
  if (utf8 <= others) return;
  const share = others === 0 ? "" : `, and ${others} other ${others === 1 ? "byte" : "bytes"} beyond ASCII`;
  throw notText(encoding, {
    got: `${utf8 === 1 ? "a character" : `${utf8} characters, the first of them here,`} of UTF-8${share}`,
    where: { source, ...firstUtf8 },
    fix: others === 0 ? adviseOther("utf-8") : ONE_ENCODING,
  });
}

/** @throws CsvError if a byte is no character of the encoding */
export function refuseUndefined(evidence: EncodingEvidence, encoding: SingleByte, source: string): void {
  if (evidence.firstUndefined === undefined) return;
  refuseUtf8(evidence, encoding, source);
  throw notText(encoding, {
    got: "a byte at which it has no character",
    where: { source, ...evidence.firstUndefined },
    fix:
      encoding === "iso-8859-1"
        ? adviseOther("windows-1252")
        : `It may be cp850 or cp437, as of a command window of Windows. Ask for UTF-8, and set encoding: "utf-8"`,
  });
}

/** A text is not of the encoding that its contract says. */
export function notText(encoding: Encoding, details: ErrorDetails): CsvError {
  return new CsvError(`This is not ${encoding} text`, { expected: `${encoding}, as the contract says`, ...details });
}

function adviseOther(encoding: Encoding): string {
  return `Ask for files of one encoding; if all are like this one, set encoding: "${encoding}" in the contract`;
}
