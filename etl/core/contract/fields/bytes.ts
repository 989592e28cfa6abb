import { isDigit } from "./quick-checks";

const [CAPITAL_A, CAPITAL_Z] = [65, 90];
/** The bit that distinguishes a lower-case ASCII letter from its upper-case one. */
const SMALL = 32;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function encode(text: string): Uint8Array {
  return encoder.encode(text);
}

export function decode(bytes: Uint8Array, from: number, to: number): string {
  return decoder.decode(bytes.subarray(from, to));
}

/** An ASCII letter in lower case. */
export function small(byte: number): number {
  return byte >= CAPITAL_A && byte <= CAPITAL_Z ? byte | SMALL : byte;
}

export function isHex(byte: number | undefined): boolean {
  const letter = small(byte ?? 0);
  return isDigit(byte) || (letter >= 97 && letter <= 102);
}

/** Whether the bytes `[from, to)` are one of these texts. */
export function isOneOf(words: readonly Uint8Array[], bytes: Uint8Array, from: number, to: number): boolean {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word !== undefined && word.length === to - from && startsWith(bytes, from, word)) return true;
  }
  return false;
}

/** Whether these bytes begin at `from`. */
export function startsWith(bytes: Uint8Array, from: number, word: Uint8Array): boolean {
  for (let at = 0; at < word.length; at += 1) if (bytes[from + at] !== word[at]) return false;
  return true;
}
