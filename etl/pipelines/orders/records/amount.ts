/** Decimal places that amounts are kept with. */
const PLACES = 6;
/** Digits before the point: as millionths, such a number fits in 64 bits. */
const MOST_DIGITS = 12;
const MILLION = 1_000_000;
const [ZERO, NINE, MINUS, POINT] = [48, 57, 45, 46];

/** Whether the bytes `[from, to)` are up to 12 digits, perhaps with a minus, a point and up to 6 more. */
export function isAmount(bytes: Uint8Array, from: number, to: number): boolean {
  const first = bytes[from] === MINUS ? from + 1 : from;
  const point = skipDigits(bytes, first, to);
  if (point === first || point - first > MOST_DIGITS) return false;
  if (point === to) return true;
  const places = to - point - 1;
  return bytes[point] === POINT && places > 0 && places <= PLACES && skipDigits(bytes, point + 1, to) === to;
}

function skipDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] ?? 0) >= ZERO && (bytes[at] ?? 0) <= NINE) at += 1;
  return at;
}

/** An amount in millionths, exactly. @param bytes as {@link isAmount} takes them */
export function parseAmount(bytes: Uint8Array, from: number, to: number): bigint {
  const isNegative = bytes[from] === MINUS;
  let whole = 0;
  let at = isNegative ? from + 1 : from;
  for (; at < to && bytes[at] !== POINT; at += 1) whole = whole * 10 + (bytes[at] ?? 0) - ZERO;
  let millionths = 0;
  for (let place = 1; place <= PLACES; place += 1) {
    millionths = millionths * 10 + (at + place < to ? (bytes[at + place] ?? 0) - ZERO : 0);
  }
  const sum = whole * MILLION + millionths;
  // Numbers are exact up to 2^53; beyond that it takes two.
  const value = Number.isSafeInteger(sum) ? BigInt(sum) : BigInt(whole) * BigInt(MILLION) + BigInt(millionths);
  return isNegative ? -value : value;
}

/** The shortest JSON number for so many millionths, exactly: 250000000 is `250`, 300000 is `0.3`. */
export function formatAmount(millionths: bigint): string {
  const sign = millionths < 0n ? "-" : "";
  const digits = (millionths < 0n ? -millionths : millionths).toString().padStart(PLACES + 1, "0");
  const fraction = digits.slice(-PLACES).replace(/0+$/, "");
  return `${sign}${digits.slice(0, -PLACES)}${fraction === "" ? "" : `.${fraction}`}`;
}
