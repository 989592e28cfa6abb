import type { DoubleColumn } from "../../../../etl/core/contract/column";
import { compileField, type Field } from "../../../../etl/core/contract/fields/field";
import { REWRITTEN_BYTES } from "../../../../etl/core/contract/fields/field-check";
import { Exceptions } from "./exceptions";

type Thousands = DoubleColumn["thousands"];

/** A way to write numbers. */
export interface Notation {
  readonly decimal: "." | ",";
  readonly thousands: Thousands;
  readonly hasExponents: boolean;
}

/** The shape of numbers, read in one notation. */
export interface NumberShape extends Notation {
  /** The most digits before and after the point. */
  readonly whole: number;
  readonly scale: number;
  /** The most significant digits of one number. */
  readonly digits: number;
  /** Whether a number has a mark between thousands. */
  readonly isGrouped: boolean;
  /** Whether each number has as many of these marks: so do codes and telephone numbers. */
  readonly areGroupsAlike: boolean;
  /** Whether a number has several of them. */
  readonly isGroupedOften: boolean;
  /** Whether each exponent is digits behind digits, with neither point nor sign: so are codes. */
  readonly areExponentsBare: boolean;
  /** Whether some numbers end in zeros behind the point, and others have fewer digits there: 1.1 and 1.10. */
  readonly hasUnevenZeros: boolean;
}

const NOTATIONS: readonly Notation[] = [
  ...notations(".", [undefined, ",", "'", " ", "\u00a0", "\u202f", "_"]),
  ...notations(",", [undefined, ".", "'", " ", "\u00a0", "\u202f"]),
  { decimal: ".", thousands: undefined, hasExponents: true },
  { decimal: ",", thousands: undefined, hasExponents: true },
];
const FIELDS: readonly Field[] = NOTATIONS.map(({ decimal, thousands, hasExponents }) =>
  compileField(
    hasExponents ? { type: "double", decimal } : { type: "numeric", precision: 1000, scale: 500, decimal, thousands },
  ),
);

function notations(decimal: "." | ",", marks: readonly Thousands[]): readonly Notation[] {
  return marks.map((thousands) => ({ decimal, thousands, hasExponents: false }));
}

/** Own constants: tsx turns each import into a getter, which would cost more than a number. */
const [PLUS, MINUS, POINT, ZERO, NINE] = [43, 45, 46, 48, 57];
/** A double keeps each number of so many digits. */
const SAFE_DIGITS = 15;
const MOST_DOUBLE_DIGITS = 17;
const EXPONENT = /^[+-]?(\d+)e\d+$/i;

/** A notation in which all numbers so far can be read, and what they are in it. */
class Live {
  scale = 0;
  fewestScale = Number.POSITIVE_INFINITY;
  whole = 0;
  digits = 0;
  mostMarks = 0;
  fewestMarks = Number.POSITIVE_INFINITY;
  hasEndingZeros = false;
  hasOtherExponents = false;
  isGone = false;

  constructor(
    readonly notation: Notation,
    readonly field: Field,
  ) {}
}

/** A number that has several digits and begins with 0, or has a plus sign: then its text matters. */
export type TextLike = "leading zeros" | "plus signs";

let into = Buffer.alloc(256);

/** Whether all values of a column are numbers, or all but a few, and in which notations they all are. */
export class Numbers {
  readonly exceptions = new Exceptions();
  textLike: TextLike | undefined;
  /** Whether a number would be another one as a double. */
  isLossy = false;
  #live: Live[] = NOTATIONS.map((notation, at) => new Live(notation, FIELDS[at] as Field));
  /** The most of plain digits, which are the same number in each notation. */
  #whole = 0;

  get areAll(): boolean {
    return this.exceptions.count === 0;
  }

  /** @param line of the value in its file */
  take(bytes: Uint8Array, from: number, to: number, line: number): void {
    const first = bytes[from] === MINUS || bytes[from] === PLUS ? from + 1 : from;
    if (first < to && skipDigits(bytes, first, to) === to) this.#whole = Math.max(this.#whole, to - first);
    else if (!this.#takeMarked(bytes, from, to)) {
      this.exceptions.add(line);
      return;
    }
    this.exceptions.kept += 1;
    if (bytes[from] === PLUS) this.textLike = "plus signs";
    if (bytes[first] === ZERO && skipDigits(bytes, first + 1, first + 2) > first + 1) this.textLike = "leading zeros";
    if (to - from > SAFE_DIGITS && !this.isLossy) this.isLossy = isLossy(bytes, from, to);
  }

  /** @returns false if none of the notations has it: they stay as they were */
  #takeMarked(bytes: Uint8Array, from: number, to: number): boolean {
    let left = 0;
    for (const live of this.#live) {
      live.isGone = !take(live, bytes, from, to);
      if (!live.isGone) left += 1;
    }
    if (left > 0 && left < this.#live.length) this.#live = this.#live.filter(({ isGone }) => !isGone);
    return left > 0;
  }

  /** One shape for each notation that reads them differently from those before it. */
  get shapes(): readonly NumberShape[] {
    const whole = this.#whole;
    const shapes = this.#live.map((live): NumberShape => {
      const [fewestMarks, fewestScale] = whole > 0 ? [0, 0] : [live.fewestMarks, live.fewestScale];
      return {
        ...live.notation,
        scale: live.scale,
        whole: Math.max(live.whole, whole),
        digits: Math.max(live.digits, whole),
        isGrouped: live.mostMarks > 0,
        areGroupsAlike: live.mostMarks > 0 && fewestMarks === live.mostMarks,
        isGroupedOften: live.mostMarks > 1,
        areExponentsBare: live.notation.hasExponents && !live.hasOtherExponents,
        hasUnevenZeros: live.hasEndingZeros && fewestScale < live.scale,
      };
    });
    return shapes.filter((shape, at) => !shapes.slice(0, at).some((earlier) => isSame(earlier, shape)));
  }
}

/** Whether two notations read all numbers alike. */
function isSame(one: NumberShape, other: NumberShape): boolean {
  if (one.isGrouped || other.isGrouped)
    return one.isGrouped === other.isGrouped && one.thousands === other.thousands && one.scale === other.scale;
  return one.scale === other.scale && (one.decimal === other.decimal || one.scale === 0);
}

function take(live: Live, bytes: Uint8Array, from: number, to: number): boolean {
  const { rewrite, check } = live.field;
  let read = bytes;
  let [start, end] = [from, to];
  if (rewrite !== undefined) {
    if (into.length < to - from + REWRITTEN_BYTES) into = Buffer.alloc((to - from) * 2 + REWRITTEN_BYTES);
    const length = rewrite(bytes, from, to, into);
    if (length < 0) return false;
    read = into;
    start = 0;
    end = length;
  }
  if (!check(read, start, end)) return false;
  if (live.notation.hasExponents) {
    live.hasOtherExponents ||= !EXPONENT.test(textOf(read, start, end));
    return true;
  }
  const marks = to - from - (end - start);
  const first = read[start] === MINUS || read[start] === PLUS ? start + 1 : start;
  const point = skipDigits(read, first, end);
  const scale = read[point] === POINT && point < end ? end - point - 1 : 0;
  live.mostMarks = Math.max(live.mostMarks, marks);
  live.fewestMarks = Math.min(live.fewestMarks, marks);
  live.scale = Math.max(live.scale, scale);
  live.fewestScale = Math.min(live.fewestScale, scale);
  live.hasEndingZeros ||= scale > 0 && read[end - 1] === ZERO;
  live.whole = Math.max(live.whole, point - first);
  live.digits = Math.max(live.digits, point - first + scale);
  return true;
}

/** Whether a double would be another number. Zeros at either end are no digits of it. */
function isLossy(bytes: Uint8Array, from: number, to: number): boolean {
  const text = textOf(bytes, from, to).replace(",", ".");
  const digitsOf = (number: string) =>
    number
      .replace(/e.*$/i, "")
      .replace(/\D/g, "")
      .replace(/^0+|0+$/g, "");
  const digits = digitsOf(text);
  if (digits.length <= SAFE_DIGITS) return false;
  return digits.length > MOST_DOUBLE_DIGITS || digitsOf(Number(text).toPrecision(digits.length)) !== digits;
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
}

function skipDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] ?? 0) >= ZERO && (bytes[at] ?? 0) <= NINE) at += 1;
  return at;
}
