import type { Encoding } from "../../contract/contract";
import type { Place } from "../../errors";

const NEWLINE = 10;
/** The bytes beyond ASCII at which an encoding of one byte a character has none. */
const UNDEFINED: Readonly<Record<SingleByte, (byte: number) => boolean>> = {
  "windows-1252": (byte) => [0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte),
  // Control characters, which no CSV has.
  "iso-8859-1": (byte) => byte < 0xa0,
};

/** An encoding of one byte a character. */
export type SingleByte = Extract<Encoding, "windows-1252" | "iso-8859-1">;

/** Counts what the bytes beyond ASCII of a text say of its encoding, piece by piece. */
export class EncodingEvidence {
  /** Characters of UTF-8. */
  utf8 = 0;
  /** Bytes that are no part of such a character. */
  others = 0;
  /**
   * Characters of UTF-8 whose bytes are hardly side by side in another encoding: in windows-1252 `Â` or `Ã` and a
   * sign, or `â` and two signs. Of others, `É` before a space that does not break, or `ß` before a quotation mark, are one.
   */
  typical = 0;
  /** Bytes side by side that are not all characters of UTF-8. */
  brokenRuns = 0;
  firstUtf8: Place | undefined;
  firstOther: Place | undefined;
  /** The first byte at which the encoding has no character. */
  firstUndefined: Place | undefined;
  readonly #isUndefined: (byte: number) => boolean;
  #line: number;
  #offset: number;
  /** The bytes of a character that is not whole yet. */
  #begun: number[] = [];
  #run = 0;
  #isRunBroken = false;

  /** @param begin the place of the first byte. Default: the text's beginning */
  constructor(encoding: SingleByte, { line = 1, offset = 0 }: Place = {}) {
    this.#isUndefined = UNDEFINED[encoding];
    this.#line = line;
    this.#offset = offset;
  }

  add(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; at += 1, this.#offset += 1) {
      const byte = piece[at] ?? 0;
      if (byte >= 0x80) this.#addMarked(byte);
      else {
        if (this.#run > 0) this.end();
        if (byte === NEWLINE) this.#line += 1;
      }
    }
  }

  /** Ends the text: the beginning of a character is none. */
  end(): void {
    this.#giveUp();
    if (this.#run > 1 && this.#isRunBroken) this.brokenRuns += 1;
    this.#run = 0;
    this.#isRunBroken = false;
  }

  #addMarked(byte: number): void {
    this.#run += 1;
    if (this.#isUndefined(byte)) this.firstUndefined ??= this.#place();
    const isContinuation = byte < 0xc0;
    if (!isContinuation || this.#begun.length === 0) this.#giveUp();
    this.#begun.push(byte);
    const [first = 0, second] = this.#begun;
    const length = lengthOf(first);
    if (length === 0 || !mayFollow(first, second)) this.#giveUp(1);
    else if (this.#begun.length === length) {
      this.utf8 += 1;
      this.firstUtf8 ??= this.#place(length - 1);
      if (first === 0xc2 || first === 0xc3 || (first === 0xe2 && (second === 0x80 || second === 0x82)))
        this.typical += 1;
      this.#begun = [];
    }
  }

  /** @param last how many of the bytes are the newest */
  #giveUp(last = 0): void {
    const count = this.#begun.length;
    if (count === 0) return;
    this.others += count;
    this.firstOther ??= this.#place(count - last);
    this.#isRunBroken = true;
    this.#begun = [];
  }

  #place(back = 0): Place {
    return { line: this.#line, offset: this.#offset - back };
  }
}

/** The length of a character of UTF-8 by its first byte; 0 if none begins with it. */
function lengthOf(first: number): number {
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** UTF-8 has each character in its shortest form, and no surrogates (RFC 3629, 4). */
function mayFollow(first: number, second: number | undefined): boolean {
  if (second === undefined) return true;
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second < 0xa0;
  if (first === 0xf0) return second >= 0x90;
  return first !== 0xf4 || second < 0x90;
}
