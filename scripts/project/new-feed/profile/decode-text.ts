import { isAscii, isUtf8 } from "node:buffer";
import type { Encoding } from "../../../../etl/core/contract/contract";
import { adviseOnFormat, isUtf16 } from "../../../../etl/core/csv/unpack/packing";
import { peek, resume } from "../../../../etl/core/csv/unpack/peek";
import { toUtf8 } from "../../../../etl/core/csv/unpack/to-utf8";
import { CsvError } from "../../../../etl/core/errors";
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
 * @throws CsvError if it is a file of another kind; while it is read, if parts of it are UTF-8 and others are not
 */
export async function decodeText(bytes: Bytes, name: string): Promise<DecodedText> {
  const { head, bytes: all } = await peek(bytes, SIGNATURE_BYTES);
  const advice = adviseOnFormat(head);
  if (advice !== undefined) throw new CsvError("This is not a CSV", { where: { source: name }, fix: advice });
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
  let hasOthers = false;
  for (;;) {
    const { value, done } = await pieces.next();
    const piece = done === true ? tail : Buffer.concat([tail, value]);
    const end = done === true ? piece.length : wholeCharacters(piece);
    const whole = piece.subarray(0, end);
    if (!isUtf8(whole)) {
      if (hasOthers || hasUtf8(whole)) throw mixed(name);
      onEncoding("windows-1252");
      yield* toUtf8(resume([piece], pieces), "windows-1252", name);
      return;
    }
    hasOthers ||= !isAscii(whole);
    tail = piece.subarray(end);
    yield whole;
    if (done === true) return;
  }
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

/** Whether more of its characters beyond ASCII are UTF-8 than are not. */
function hasUtf8(bytes: Uint8Array): boolean {
  const others = new TextDecoder().decode(bytes).match(/[^\p{ASCII}]/gu) ?? [];
  return others.filter((character) => character !== "\uFFFD").length * 2 > others.length;
}

function mixed(name: string): CsvError {
  return new CsvError("Parts of this file are UTF-8, and others are not", {
    expected: "one encoding",
    where: { source: name },
    fix: "Ask its maker to write all of it as UTF-8",
  });
}
