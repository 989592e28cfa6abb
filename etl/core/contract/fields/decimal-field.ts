import type { DoubleColumn, NumericColumn } from "../column";
import { decode, small } from "./bytes";
import type { FieldCheck } from "./field-check";
import { checkDigits, isDigit, POINT, skipDigits, skipSign, ZERO } from "./quick-checks";

const SMALL_E = 101;
/** A number of fewer bytes and no exponent is neither infinite nor rounded to 0. */
const SURELY_FINITE = 300;

export function checkNumeric({ precision, scale, min, max }: NumericColumn): FieldCheck {
  const [least, most] = [toDecimal(min), toDecimal(max)];
  const takesSign = least === undefined || least.digits < 0n;
  const hasLimits = most !== undefined || (least !== undefined && least.digits !== 0n);
  const check = checkDigits(precision - scale, scale, takesSign);
  if (!hasLimits) return check;
  return (bytes, from, to) => check(bytes, from, to) && isWithin(decode(bytes, from, to), least, most);
}

/** `digits` × 10^-`scale`. */
interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** An exact decimal, written as `-12.50`. */
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/** @returns undefined if it is none */
export function toDecimal(value: number | string | undefined): Decimal | undefined {
  const match = DECIMAL.exec(String(value));
  if (match === null) return undefined;
  const [, sign = "", whole = "", decimals = ""] = match;
  const digits = BigInt(whole + decimals);
  return { digits: sign === "-" ? -digits : digits, scale: decimals.length };
}

/** Negative, 0 or positive, for sorting. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale);
  const difference = atScale(left, scale) - atScale(right, scale);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function atScale({ digits, scale }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - scale);
}

function isWithin(text: string, least: Decimal | undefined, most: Decimal | undefined): boolean {
  const value = toDecimal(text);
  if (value === undefined) return false;
  if (least !== undefined && compareDecimals(value, least) < 0) return false;
  return most === undefined || compareDecimals(value, most) <= 0;
}

/** PostgreSQL refuses numbers that it would round to infinity, or to 0 though they are not; so does this. */
export function checkDouble({ min, max }: DoubleColumn): FieldCheck {
  const hasLimits = min !== undefined || max !== undefined;
  const [least, most] = [min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY];
  const takesSign = least < 0;
  return (bytes, from, to) => {
    const end = skipNumber(bytes, takesSign ? skipSign(bytes, from) : from, to);
    if (end === -1) return false;
    if (end === to && to - from < SURELY_FINITE && !hasLimits) return true;
    if (end !== to && skipExponent(bytes, end, to) !== to) return false;
    const value = Number(decode(bytes, from, to));
    if (!Number.isFinite(value) || (value === 0 && hasFigure(bytes, from, end))) return false;
    return value >= least && value <= most;
  };
}

/** The end of digits, perhaps with a point between them; -1 if there are none. */
function skipNumber(bytes: Uint8Array, from: number, to: number): number {
  const point = skipDigits(bytes, from, to);
  if (point === from) return -1;
  if (point === to || bytes[point] !== POINT) return point;
  const end = skipDigits(bytes, point + 1, to);
  return end === point + 1 ? -1 : end;
}

function skipExponent(bytes: Uint8Array, from: number, to: number): number {
  if (small(bytes[from] ?? 0) !== SMALL_E) return -1;
  const first = skipSign(bytes, from + 1);
  const end = skipDigits(bytes, first, to);
  return end === first ? -1 : end;
}

function hasFigure(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (isDigit(bytes[at]) && bytes[at] !== ZERO) return true;
  return false;
}
