import type { TimeColumn } from "../../../../etl/core/contract/column";
import { compileField, type Field } from "../../../../etl/core/contract/fields/field";
import { REWRITTEN_BYTES } from "../../../../etl/core/contract/fields/field-check";
import { parseFormat } from "../../../../etl/core/contract/fields/time-format";
import { Exceptions } from "./exceptions";

/** A format of days or times. */
export interface TimeForm extends TimeColumn {
  /** Which of day and month comes first; undefined if the year does. */
  readonly order?: "day" | "month";
}

type Order = TimeForm["order"];

/** Strict forms before those that include them. */
const DAYS: readonly (readonly [order: Order, formats: readonly string[]])[] = [
  [undefined, ["YYYY-MM-DD", "YYYYMMDD", "YYYY/MM/DD", "YYYY.MM.DD", "YYYY-M-D", "YYYY/M/D"]],
  ["day", ["DD.MM.YYYY", "D.M.YYYY", "DD/MM/YYYY", "D/M/YYYY", "DD-MM-YYYY", "D-M-YYYY"]],
  ["month", ["MM/DD/YYYY", "M/D/YYYY", "MM-DD-YYYY", "M-D-YYYY"]],
];
const BETWEEN = [" ", "T", ", "];
const HOURS = [
  ...["HH:mm:ss", "HH:mm", "H:mm:ss", "H:mm", "h:mm A", "h:mm:ss A", "hh:mmA"],
  ...["HH:mm:ss.S", "HH:mm:ss,S", "HH.mm.ss", "HH.mm", "HHmmss"],
];
const ZONES = ["", "Z", " Z"];
/** Forms that are read without a format. */
const ISO = /^YYYY-MM-DD([ T]HH:mm(:ss(\.S)?)?Z?)?$/;

export const FORMS: readonly TimeForm[] = [
  ...(["date", "timestamp", "timestamptz"] as const).map((type) => ({ type })),
  ...DAYS.flatMap(([order, days]) => days.flatMap((day) => formsOf(day, order))),
].filter(
  ({ type, format }: TimeForm) =>
    format === undefined || (!ISO.test(format) && typeof parseFormat(type, format) === "object"),
);

function formsOf(day: string, order: Order): readonly TimeForm[] {
  const times = BETWEEN.flatMap((between) => HOURS.map((hour) => `${day}${between}${hour}`)).concat(`${day}HHmmss`);
  return [
    { type: "date", format: day, order },
    ...times.flatMap((time) =>
      ZONES.map(
        (zone): TimeForm => ({ type: zone === "" ? "timestamp" : "timestamptz", format: `${time}${zone}`, order }),
      ),
    ),
  ];
}

const FIELDS: readonly Field[] = FORMS.map(({ order: _, ...column }) => compileField(column));
const ALL = FORMS.map((_, at) => at);
const LONGEST = 48;
/** `20260105` is a day only if its year is in one of these centuries. */
const CENTURIES = [19, 20];
const DIGITS_OF_DAY = 8;
const [ZERO, NINE] = [48, 57];
const into = Buffer.alloc(LONGEST + REWRITTEN_BYTES);

/** Whether all values of a column are days or times, or all but a few, and in which forms they all are. */
export class Times {
  readonly exceptions = new Exceptions();
  #live: readonly number[] = ALL;

  get areAll(): boolean {
    return this.exceptions.count === 0;
  }

  /** @param line of the value in its file */
  take(bytes: Uint8Array, from: number, to: number, line: number): void {
    if (!this.#takeForm(bytes, from, to)) this.exceptions.add(line);
    else this.exceptions.kept += 1;
  }

  /** @returns false if none of the forms has it: they stay as they were */
  #takeForm(bytes: Uint8Array, from: number, to: number): boolean {
    if (!isDigit(bytes[from]) || to - from < DIGITS_OF_DAY || to - from > LONGEST || !isOfCentury(bytes, from, to))
      return false;
    const has = (at: number) => isTime(FIELDS[at] as Field, bytes, from, to);
    if (this.#live.every(has)) return true;
    const left = this.#live.filter(has);
    if (left.length > 0) this.#live = left;
    return left.length > 0;
  }

  get forms(): readonly TimeForm[] {
    return this.#live.map((at) => FORMS[at] as TimeForm);
  }
}

/** Whether a value is a day or a time in one of the forms. */
export function isSomeTime(bytes: Uint8Array, from: number, to: number): boolean {
  const times = new Times();
  times.take(bytes, from, to, 0);
  return times.areAll;
}

function isTime({ rewrite, check }: Field, bytes: Uint8Array, from: number, to: number): boolean {
  if (rewrite === undefined) return check(bytes, from, to);
  const length = rewrite(bytes, from, to, into);
  return length >= 0 && check(into, 0, length);
}

function isOfCentury(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (!isDigit(bytes[at])) return true;
  return CENTURIES.includes(((bytes[from] ?? 0) - ZERO) * 10 + (bytes[from + 1] ?? 0) - ZERO);
}

/** Same as in the contract's checks: tsx turns each import into a getter, which would cost more than this. */
function isDigit(byte = 0): boolean {
  return byte >= ZERO && byte <= NINE;
}
