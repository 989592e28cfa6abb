import type { TextColumn } from "../column";
import { decode, encode, isHex, isOneOf, small } from "./bytes";
import type { FieldCheck } from "./field-check";
import { compilePattern, PATTERN_MAX } from "./pattern";
import { isText, MINUS } from "./quick-checks";

/** Bytes 10xxxxxx continue a character that began before. */
const isBegin = (byte: number) => (byte & 0xc0) !== 0x80;

export function checkText(column: TextColumn): FieldCheck {
  const { oneOf, pattern } = column;
  if (oneOf !== undefined) {
    const words = oneOf.map(encode);
    return (bytes, from, to) => isOneOf(words, bytes, from, to);
  }
  if (pattern === undefined) return checkSize(column);
  const sized = checkSize({ max: PATTERN_MAX, ...column });
  const expression = compilePattern(pattern);
  return (bytes, from, to) => sized(bytes, from, to) && expression.test(decode(bytes, from, to));
}

function checkSize({ min = 0, max = Number.POSITIVE_INFINITY, nul = false }: TextColumn): FieldCheck {
  const kept: FieldCheck = nul ? () => true : isText;
  if (min === 0 && max === Number.POSITIVE_INFINITY) return kept;
  return (bytes, from, to) => {
    // A character has at least one byte: mostly there is nothing to count.
    if (to - from < min || !kept(bytes, from, to)) return false;
    if (to - from <= max && min <= 1) return true;
    let characters = 0;
    for (let at = from; at < to; at += 1) if (isBegin(bytes[at] ?? 0)) characters += 1;
    return characters >= min && characters <= max;
  };
}

const BOOLEANS = ["true", "t", "yes", "y", "1", "false", "f", "no", "n", "0"].map(encode);

export const isBoolean: FieldCheck = (bytes, from, to) => {
  for (let index = 0; index < BOOLEANS.length; index += 1) {
    const word = BOOLEANS[index];
    if (word !== undefined && word.length === to - from && isWord(word, bytes, from)) return true;
  }
  return false;
};

/** Whether the bytes are this word, in lower or upper case. */
function isWord(word: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < word.length; at += 1) if (small(bytes[from + at] ?? 0) !== word[at]) return false;
  return true;
}

const [OPEN, CLOSE] = [123, 125];
const [BARE, HYPHENED] = [32, 36];

/** 32 hexadecimal digits, perhaps with hyphens as 8-4-4-4-12, perhaps in braces. */
export const isUuid: FieldCheck = (bytes, from, to) => {
  const isBraced = to > from && bytes[from] === OPEN && bytes[to - 1] === CLOSE;
  const [first, end] = isBraced ? [from + 1, to - 1] : [from, to];
  const length = end - first;
  if (length !== BARE && length !== HYPHENED) return false;
  for (let at = first; at < end; at += 1) {
    const place = at - first;
    const isHyphen = length === HYPHENED && (place === 8 || place === 13 || place === 18 || place === 23);
    if (isHyphen ? bytes[at] !== MINUS : !isHex(bytes[at])) return false;
  }
  return true;
};
