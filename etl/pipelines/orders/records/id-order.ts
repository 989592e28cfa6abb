const DIGITS = /^\d+$/;

/**
 * The order of ids in a message: numbers first, by their value (`9` before `10`), then all others by their UTF-16 code
 * units, as JavaScript and Java compare text. Equal numbers (`7`, `07`) go by their code units.
 */
export function compareIds(a: string, b: string): number {
  const aIsNumber = DIGITS.test(a);
  if (aIsNumber !== DIGITS.test(b)) return aIsNumber ? -1 : 1;
  return (aIsNumber ? compareNumbers(a, b) : 0) || compareText(a, b);
}

/** Of any length: a shorter number is the smaller one. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [withoutZeros(a), withoutZeros(b)];
  return left.length - right.length || compareText(left, right);
}

function withoutZeros(digits: string): string {
  return digits.startsWith("0") ? digits.replace(/^0+/, "") : digits;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
