import { isAscii, isUtf8 } from "node:buffer";
import type { Encoding } from "../../../../etl/core/contract/contract";
import { countLines } from "../../../../etl/core/csv/rows/line-window";
import { EncodingEvidence } from "../../../../etl/core/csv/unpack/encoding-evidence";
import { adviseOnFormat, isUtf16 } from "../../../../etl/core/csv/unpack/packing";
import { peek, resume } from "../../../../etl/core/csv/unpack/peek";
import { toUtf8 } from "../../../../etl/core/csv/unpack/to-utf8";
import { CsvError, type Place } from "../../../../etl/core/errors";
import type { Bytes } from "../../../../etl/core/ports";

/** Detects a file's format. */
const SIGNATURE_BYTES = 4_096;
/** More bytes than a character of UTF-8 has after its first. */
const LONGEST_TAIL = 3;

/** A stream of UTF-8 text, and its original encoding: known at its end. */
export interface DecodedText {
  readonly bytes: Bytes;
  readonly encoding: Encoding;
}

/**
 * Turns text of an unknown encoding into UTF-8, as a stream. Text that has no mark and is not UTF-8 is windows-1252:
 * everything before its first such byte is ASCII, which is the same in both.
 *
 * @param name the source's name in messages
 * @throws CsvError if it is a file of another kind; while it is read, if parts of it are UTF-8 and others are not, or if
 * it is neither UTF-8 nor windows-1252
 */
export async function decodeText(bytes: Bytes, name: string): Promise<DecodedText> {
  const { head, bytes: all } = await peek(bytes, SIGNATURE_BYTES, (first) => {
    const advice = adviseOnFormat(first);
    if (advice !== undefined) throw new CsvError("This is not a CSV", { where: { source: name }, fix: advice });
  });
  if (isUtf16(head)) return { bytes: toUtf8(all, "utf-16", name), encoding: "utf-16" };
  const text: { bytes: Bytes; encoding: Encoding } = { bytes: all, encoding: "utf-8" };
  text.bytes = decode(all, name, (encoding) => {
    text.encoding = encoding;
  });
  return text;
}

async function* decode(bytes: Bytes, name: string, onEncoding: (encoding: Encoding) => void): Bytes {
  const pieces = bytes[Symbol.asyncIterator]();
  let tail: Uint8Array = new Uint8Array();
  let begin = { line: 1, offset: 0 };
  let firstUtf8: Place | undefined;
  for (;;) {
    const { value, done } = await pieces.next();
    const piece = done === true ? tail : Buffer.concat([tail, value]);
    const end = done === true ? piece.length : wholeCharacters(piece);
    const whole = piece.subarray(0, end);
    if (!isUtf8(whole)) {
      onEncoding("windows-1252");
      yield* toUtf8(refuseOthers(resume([piece], pieces), name, begin, firstUtf8), "windows-1252", name);
      return;
    }
    if (firstUtf8 === undefined && !isAscii(whole)) firstUtf8 = evidenceOf(whole, begin).firstUtf8;
    begin = { line: begin.line + countLines(whole), offset: begin.offset + whole.length };
    tail = piece.subarray(end);
    yield whole;
    if (done === true) return;
  }
}

function evidenceOf(piece: Uint8Array, begin: Place): EncodingEvidence {
  const evidence = new EncodingEvidence("windows-1252", begin);
  evidence.add(piece);
  return evidence;
}

/**
 * Passes on what may be windows-1252.
 *
 * @param firstUtf8 the first character of UTF-8 before
 */
async function* refuseOthers(bytes: Bytes, source: string, begin: Place, firstUtf8: Place | undefined): Bytes {
  const evidence = new EncodingEvidence("windows-1252", begin);
  const refuse = (hasUtf8: boolean) => {
    if (firstUtf8 !== undefined || hasUtf8) throw mixed(source, firstUtf8 ?? evidence.firstUtf8, evidence.firstOther);
  };
  for await (const piece of bytes) {
    evidence.add(piece);
    refuse(evidence.utf8 > evidence.others);
    if (evidence.firstUndefined !== undefined) throw neither(source, evidence.firstUndefined);
    yield piece;
  }
  evidence.end();
  refuse(evidence.typical > 0 && evidence.typical >= evidence.brokenRuns);
}

/** The end of the last whole character. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= LONGEST_TAIL && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return back < length ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function mixed(source: string, utf8: Place = {}, other: Place = {}): CsvError {
  return new CsvError("Parts of this file are UTF-8, and others are not", {
    got: `UTF-8 in line ${utf8.line}, another encoding in line ${other.line}`,
    expected: "one encoding",
    where: { source, ...other },
    fix: "Ask its maker to write all of it as UTF-8",
  });
}

function neither(source: string, place: Place): CsvError {
  return new CsvError("This file is neither UTF-8 nor windows-1252", {
    got: "a byte at which windows-1252 has no character",
    where: { source, ...place },
    fix: "It may be cp850 or cp437, as of a command window of Windows: ask its maker to write it as UTF-8",
  });
}
