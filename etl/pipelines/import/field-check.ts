import type { ColumnType } from "./contract";

/**
 * Whether the bytes `[from, to)` are a value of a column, in a form that PostgreSQL reads as it stands. Plain functions on
 * bytes, as they run for each field of perhaps a billion rows: no text is made, nothing is allocated.
 */
export type FieldCheck = (bytes: Uint8Array, from: number, to: number) => boolean;

const ZERO = 48;
const NINE = 57;
const [PLUS, MINUS, POINT, COLON, SPACE, T, Z] = [43, 45, 46, 58, 32, 84, 90];
/** A number of fewer digits than these is within its type's range. */
const SURELY_INTEGER = 10;
const SURELY_BIGINT = 19;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const BOOLEANS = ["true", "t", "yes", "y", "1", "false", "f", "no", "n", "0"].map((word) => Buffer.from(word));
const [CAPITAL_A, CAPITAL_Z] = [65, 90];
/** The bit that a small ASCII letter has and its capital one has not. */
const SMALL = 32;

export function checkOf(column: ColumnType): FieldCheck {
  switch (column.type) {
    case "text":
      return isText;
    case "integer":
      return (bytes, from, to) => isWhole(bytes, from, to, SURELY_INTEGER, 2n ** 31n);
    case "bigint":
      return (bytes, from, to) => isWhole(bytes, from, to, SURELY_BIGINT, 2n ** 63n);
    case "numeric":
      return (bytes, from, to) => isNumeric(bytes, from, to, column.precision - column.scale, column.scale);
    case "boolean":
      return (bytes, from, to) => BOOLEANS.some((word) => isWord(bytes, from, to, word));
    case "date":
      return (bytes, from, to) => to - from === 10 && isDay(bytes, from);
    case "timestamptz":
      return isTimestamp;
  }
}

/** What a column takes, for messages. */
export function describeType(column: ColumnType): string {
  switch (column.type) {
    case "text":
      return "text without a NUL character";
    case "integer":
      return "a whole number of 32 bits";
    case "bigint":
      return "a whole number of 64 bits";
    case "numeric":
      return `a number with at most ${column.precision - column.scale} digits before and ${column.scale} after the point`;
    case "boolean":
      return "true or false";
    case "date":
      return "a calendar day as YYYY-MM-DD";
    case "timestamptz":
      return "a time with its zone, as 2026-01-31T23:59:59Z";
  }
}

/** Whether the bytes are the word, in small letters or capital ones. */
function isWord(bytes: Uint8Array, from: number, to: number, word: Uint8Array): boolean {
  if (to - from !== word.length) return false;
  for (let at = 0; at < word.length; at += 1) {
    const byte = bytes[from + at] ?? 0;
    if ((byte >= CAPITAL_A && byte <= CAPITAL_Z ? byte | SMALL : byte) !== word[at]) return false;
  }
  return true;
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

function isText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] === 0) return false;
  return true;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** Where the digits that begin at `from` end. */
function skipDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at])) at += 1;
  return at;
}

function skipSign(bytes: Uint8Array, from: number): number {
  return bytes[from] === MINUS || bytes[from] === PLUS ? from + 1 : from;
}

/** @param beyond the least number that is too large; its negative is not too small */
function isWhole(bytes: Uint8Array, from: number, to: number, surely: number, beyond: bigint): boolean {
  const first = skipSign(bytes, from);
  if (first === to || skipDigits(bytes, first, to) !== to) return false;
  if (to - first < surely) return true;
  const value = BigInt(textOf(bytes, first, to));
  return value < beyond || (value === beyond && bytes[from] === MINUS);
}

function isNumeric(bytes: Uint8Array, from: number, to: number, before: number, after: number): boolean {
  let first = skipSign(bytes, from);
  const point = skipDigits(bytes, first, to);
  if (point === first) return false;
  while (bytes[first] === ZERO && first < point) first += 1;
  if (point - first > before) return false;
  if (point === to) return true;
  return bytes[point] === POINT && to > point + 1 && to - point - 1 <= after && skipDigits(bytes, point + 1, to) === to;
}

/** The number that two digits make, or NaN. */
function two(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [bytes[at] ?? 0, bytes[at + 1] ?? 0];
  return isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + ones - ZERO : Number.NaN;
}

/** `YYYY-MM-DD` of the calendar; PostgreSQL has no year 0000. */
function isDay(bytes: Uint8Array, from: number): boolean {
  if (bytes[from + 4] !== MINUS || bytes[from + 7] !== MINUS) return false;
  const year = two(bytes, from) * 100 + two(bytes, from + 2);
  const [month, day] = [two(bytes, from + 5), two(bytes, from + 8)];
  const longest = month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] ?? 0);
  return year > 0 && day > 0 && day <= longest;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** A day, `T` or a space, `HH:MM`, perhaps `:SS` with up to six decimals, and a zone up to 14:59 away from Greenwich. */
function isTimestamp(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 17 || !isDay(bytes, from)) return false;
  if (bytes[from + 10] !== T && bytes[from + 10] !== SPACE) return false;
  if (!(two(bytes, from + 11) < 24) || bytes[from + 13] !== COLON || !(two(bytes, from + 14) < 60)) return false;
  const at = skipSeconds(bytes, from + 16, to);
  if (bytes[at] === Z) return at + 1 === to;
  if (bytes[at] !== PLUS && bytes[at] !== MINUS) return false;
  if (!(two(bytes, at + 1) < 15) || to < at + 3) return false;
  if (to === at + 3) return true;
  const minutes = bytes[at + 3] === COLON ? at + 4 : at + 3;
  return to === minutes + 2 && two(bytes, minutes) < 60;
}

/** Behind `:SS` and its decimals, or `from` where they are not there or no seconds. */
function skipSeconds(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from] !== COLON || !(two(bytes, from + 1) < 60)) return from;
  const point = from + 3;
  if (bytes[point] !== POINT) return point;
  const end = skipDigits(bytes, point + 1, to);
  return end > point + 1 && end <= point + 7 ? end : from;
}
