import type { DoubleColumn } from "../../../../etl/core/contract/column";
import { compileField, type Field } from "../../../../etl/core/contract/fields/field";
import { REWRITTEN_BYTES } from "../../../../etl/core/contract/fields/field-check";

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

interface Live {
  readonly notation: Notation;
  readonly field: Field;
  scale: number;
  whole: number;
  digits: number;
  isGrouped: boolean;
  isGone: boolean;
}

/** A number that has several digits and begins with 0, or has a plus sign: then its text matters. */
export type TextLike = "leading zeros" | "plus signs";

let into = Buffer.alloc(256);

/** Whether all values of a column are numbers, and in which notations they all are. */
export class Numbers {
  textLike: TextLike | undefined;
  #live: Live[] = NOTATIONS.map((notation, at) => ({
    ...{ notation, field: FIELDS[at] as Field, scale: 0, whole: 0, digits: 0, isGrouped: false, isGone: false },
  }));
  /** Plain digits, which are the same number in each notation. */
  #whole = 0;

  get areAll(): boolean {
    return this.#live.length > 0;
  }

  take(bytes: Uint8Array, from: number, to: number): void {
    const first = bytes[from] === MINUS || bytes[from] === PLUS ? from + 1 : from;
    if (bytes[from] === PLUS) this.textLike = "plus signs";
    if (bytes[first] === ZERO && skipDigits(bytes, first + 1, first + 2) > first + 1) this.textLike = "leading zeros";
    if (first < to && skipDigits(bytes, first, to) === to) this.#whole = Math.max(this.#whole, to - first);
    else this.#takeMarked(bytes, from, to);
  }

  #takeMarked(bytes: Uint8Array, from: number, to: number): void {
    let isAnyGone = false;
    for (const live of this.#live) {
      live.isGone = !take(live, bytes, from, to);
      isAnyGone ||= live.isGone;
    }
    if (isAnyGone) this.#live = this.#live.filter(({ isGone }) => !isGone);
  }

  /** One shape for each notation that reads them differently from those before it. */
  get shapes(): readonly NumberShape[] {
    const shapes = this.#live.map(({ notation, scale, whole, digits, isGrouped }) => ({
      ...{ ...notation, scale, isGrouped, whole: Math.max(whole, this.#whole), digits: Math.max(digits, this.#whole) },
    }));
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
    live.isGrouped ||= length < to - from;
  }
  if (!check(read, start, end)) return false;
  if (live.notation.hasExponents) return true;
  const first = read[start] === MINUS || read[start] === PLUS ? start + 1 : start;
  const point = skipDigits(read, first, end);
  const scale = read[point] === POINT && point < end ? end - point - 1 : 0;
  live.scale = Math.max(live.scale, scale);
  live.whole = Math.max(live.whole, point - first);
  live.digits = Math.max(live.digits, point - first + scale);
  return true;
}

function skipDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] ?? 0) >= ZERO && (bytes[at] ?? 0) <= NINE) at += 1;
  return at;
}
