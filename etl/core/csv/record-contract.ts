import * as z from "zod";

/** What a CSV must look like to be read: which columns, and what each value may be. */
export interface Contract<Schema extends z.ZodObject = z.ZodObject> {
  /** The column of the CSV that each field is read from, as its header names it. Other columns are ignored. */
  readonly headers: { readonly [Field in keyof z.output<Schema> & string]: string };
  /** Takes the fields as text and gives the record. */
  readonly schema: Schema;
  /** Which rows are meant at all, from their text; the others are neither records nor rejected. Default: all. */
  readonly isMeant?: (fields: Readonly<Record<string, string>>) => boolean;
}

/** A whole number from 0 to 2^53 - 1 (9,007,199,254,740,991), as digits. */
export function wholeCount() {
  return z.string().regex(/^\d+$/, WHOLE).transform(Number).refine(Number.isSafeInteger, { error: WHOLE });
}

/** As {@link wholeCount}; an empty field is NULL, which means unknown, not 0. */
export function wholeCountOrUnknown() {
  return z.union([z.literal("").transform(() => null), wholeCount()], { error: `${WHOLE}, or nothing` });
}

/** A day that the calendar has, as `YYYY-MM-DD`; PostgreSQL has no year 0000. */
export function calendarDay() {
  return z.iso.date(DAY).refine((day) => !day.startsWith("0000"), { error: DAY });
}

/** Any text without a NUL, which PostgreSQL cannot keep. */
export function text() {
  return z.string().refine((value) => !value.includes("\0"), { error: "text without a NUL character" });
}

const WHOLE = "a whole number from 0 to 9007199254740991";
const DAY = "a calendar day as YYYY-MM-DD";
