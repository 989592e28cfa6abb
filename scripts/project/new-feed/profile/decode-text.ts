import { isAscii, isUtf8 } from "node:buffer";
import type { Encoding } from "../../../../etl/core/contract/contract";
import { adviseOnFormat, isUtf16 } from "../../../../etl/core/csv/unpack/packing";
import { toUtf8 } from "../../../../etl/core/csv/unpack/to-utf8";
import { CsvError } from "../../../../etl/core/errors";
import type { Bytes } from "../../../../etl/core/ports";
import { peek } from "./peek";

/** Tells what a file is. */
const SIGNATURE_BYTES = 4_096;
/** More bytes than a character of UTF-8 has behind its first. */
const LONGEST_TAIL = 3;

/** A text in UTF-8 on its way, and the encoding that it came in: known once all of it went by. */
export interface DecodedText {
  readonly bytes: Bytes;
  readonly encoding: Encoding;
}

/**
 * Turns text of an encoding that nobody told into UTF-8, as a stream. What has no mark and is not UTF-8 is windows-1252: all before its
 * first such byte is ASCII, which is the same in both.
 *
 * @param name what messages call the source
 * @throws CsvError where it is a file of another kind; while it is read, where parts of it are UTF-8 and others are not
 */
export async function decodeText(bytes: Bytes, name: string): Promise<DecodedText> {
  const { head, bytes: all } = await peek(bytes, SIGNATURE_BYTES);
  const advice = adviseOnFormat(head);
  if (advice !== undefined) throw new CsvError("This is no CSV", { where: { source: name }, fix: advice });
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
      yield* toUtf8(resume(piece, pieces, done === true), "windows-1252", name);
      return;
    }
    hasOthers ||= !isAscii(whole);
    tail = piece.subarray(end);
    yield whole;
    if (done === true) return;
  }
}

async function* resume(first: Uint8Array, rest: AsyncIterator<Uint8Array>, isOver: boolean): Bytes {
  yield first;
  if (!isOver) yield* { [Symbol.asyncIterator]: () => rest };
}

/** Where the last whole character ends. */
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
    fix: "Let whoever makes it write all of it as UTF-8",
  });
}
