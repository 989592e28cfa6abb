import type { FieldCheck } from "./field-check";

/*
 * The checks of nearly every field of every row, and their parts: in one module, since tsx and Jest turn each import
 * into a getter, which would cost more than a check.
 */

export const ZERO = 48;
export const NINE = 57;
export const [PLUS, COMMA, MINUS, POINT, COLON, SPACE, T, Z] = [43, 44, 45, 46, 58, 32, 84, 90];

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** The end of the digits that begin at `from`. */
export function skipDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at])) at += 1;
  return at;
}

export function skipSign(bytes: Uint8Array, from: number): number {
  return bytes[from] === MINUS || bytes[from] === PLUS ? from + 1 : from;
}

/** The number of two digits, or NaN. */
export function two(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [bytes[at] ?? 0, bytes[at + 1] ?? 0];
  return isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + ones - ZERO : Number.NaN;
}

/** A number of this many digits is a safe integer of JavaScript. */
const SAFE_DIGITS = 15;
/** No number of 64 bits has more digits. */
const MOST_DIGITS = 19;

/** Whole numbers within two limits; without a sign if neither is negative. */
export function checkWhole(least: bigint, most: bigint): FieldCheck {
  const takesSign = least < 0n;
  const surely = digitsSurelyWithin(least, most);
  return (bytes, from, to) => {
    const first = takesSign ? skipSign(bytes, from) : from;
    if (first === to || skipDigits(bytes, first, to) !== to) return false;
    if (to - first <= surely) return true;
    const value = readWhole(bytes, from, first, to);
    return value !== undefined && value >= least && value <= most;
  };
}

/** All numbers of this many digits are within the limits. */
function digitsSurelyWithin(least: bigint, most: bigint): number {
  let digits = 0;
  while (10n ** BigInt(digits + 1) - 1n <= most && (least === 0n || 1n - 10n ** BigInt(digits + 1) >= least)) {
    digits += 1;
  }
  return digits;
}

function readWhole(bytes: Uint8Array, from: number, first: number, to: number): number | bigint | undefined {
  let start = first;
  while (start < to - 1 && bytes[start] === ZERO) start += 1;
  if (to - start > MOST_DIGITS) return undefined;
  const isNegative = first > from && bytes[from] === MINUS;
  if (to - start > SAFE_DIGITS) {
    const value = BigInt(String.fromCharCode(...bytes.subarray(start, to)));
    return isNegative ? -value : value;
  }
  let value = 0;
  for (let at = start; at < to; at += 1) value = value * 10 + (bytes[at] ?? 0) - ZERO;
  return isNegative ? -value : value;
}

/** Digits, perhaps a point and digits: with a maximum before and after it, not counting leading zeros. */
export function checkDigits(before: number, after: number, takesSign: boolean): FieldCheck {
  return (bytes, from, to) => {
    let first = takesSign ? skipSign(bytes, from) : from;
    const point = skipDigits(bytes, first, to);
    if (point === first) return false;
    while (bytes[first] === ZERO && first < point) first += 1;
    if (point - first > before) return false;
    if (point === to) return true;
    const decimals = to - point - 1;
    return bytes[point] === POINT && decimals > 0 && decimals <= after && skipDigits(bytes, point + 1, to) === to;
  };
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** `YYYY-MM-DD` and `YYYY-MM-DDTHH:mm`. */
const [DAY_BYTES, MINUTE_BYTES] = [10, 16];

export const isDate: FieldCheck = (bytes, from, to) => to - from === DAY_BYTES && isDay(bytes, from);

/**
 * A day, `T` or a space, `HH:MM`, perhaps `:SS` with up to six decimals, and no zone: PostgreSQL would ignore it
 * silently.
 */
export const isTimestamp: FieldCheck = (bytes, from, to) =>
  isMinute(bytes, from, to) && skipSeconds(bytes, from + MINUTE_BYTES, to) === to;

/** Like {@link isTimestamp}, with a zone up to 14:59 from UTC. */
export const isTimestamptz: FieldCheck = (bytes, from, to) =>
  isMinute(bytes, from, to) && isZone(bytes, skipSeconds(bytes, from + MINUTE_BYTES, to), to);

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

function isMinute(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < MINUTE_BYTES || !isDay(bytes, from)) return false;
  if (bytes[from + 10] !== T && bytes[from + 10] !== SPACE) return false;
  return two(bytes, from + 11) < 24 && bytes[from + 13] === COLON && two(bytes, from + 14) < 60;
}

/** The end of `:SS` and its decimals, or `from` if they are missing or invalid. */
function skipSeconds(bytes: Uint8Array, from: number, to: number): number {
  if (to < from + 3 || bytes[from] !== COLON || !(two(bytes, from + 1) < 60)) return from;
  const point = from + 3;
  if (point === to || bytes[point] !== POINT) return point;
  const end = skipDigits(bytes, point + 1, to);
  return end > point + 1 && end <= point + 7 ? end : from;
}

function isZone(bytes: Uint8Array, at: number, to: number): boolean {
  if (at < to && bytes[at] === Z) return at + 1 === to;
  if (to < at + 3 || (bytes[at] !== PLUS && bytes[at] !== MINUS) || !(two(bytes, at + 1) < 15)) return false;
  if (to === at + 3) return true;
  const minutes = bytes[at + 3] === COLON ? at + 4 : at + 3;
  return to === minutes + 2 && two(bytes, minutes) < 60;
}

export const isText: FieldCheck = (bytes, from, to) => {
  for (let at = from; at < to; at += 1) if (bytes[at] === 0) return false;
  return true;
};
