import type { Column } from "../../core/contract/column";
import { type Digits, digitsOf, type Found, numericShape } from "./column-fit";
import { sqlType } from "./create-target";

/** The clause that makes a column one that the contract's fits into. Its comment says what existing rows lose. */
export function changeType(id: string, found: Found, column: Column): string {
  const type = typeFor(found, column);
  const notes = [lossOf(found.type, type), costOf(found.type, type)].filter((note) => note !== undefined);
  return `${type} USING ${convert(id, found, type)}${notes.length === 0 ? "" : ` /* ${notes.join("; ")} */`}`;
}

/** Digits before and after the point of the types that numbers are widened from. */
const DIGITS: Readonly<Record<string, Digits>> = {
  smallint: { before: 5, after: 0 },
  integer: { before: 10, after: 0 },
  bigint: { before: 19, after: 0 },
};
const MOST_DIGITS = 1000;

/** A numeric gets more digits, never fewer, and a domain over an enum becomes the enum. */
function typeFor(found: Found, column: Column): string {
  if (found.labels.length > 0 && found.declared !== found.type) return found.type;
  const need = digitsOf(column);
  const have = numericShape(found.type) ?? (column.type === "numeric" ? DIGITS[found.type] : undefined);
  if (need === undefined || have === undefined) return sqlType(column);
  const after = Math.max(need.after, have.after);
  const precision = Math.max(need.before, have.before) + after;
  return precision > MOST_DIGITS ? "numeric" : `numeric(${precision},${after})`;
}

const NUMBERS = ["smallint", "integer", "bigint", "real", "double precision", "numeric"];
const [DATE, TIMESTAMP, TIMESTAMPTZ] = ["date", "timestamp without time zone", "timestamp with time zone"];
/** Casts of PostgreSQL's own types, besides those from and to texts (manual of CREATE CAST, `pg_cast`). */
const CASTS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(NUMBERS.map((type) => [type, NUMBERS])),
  integer: [...NUMBERS, "boolean"],
  money: ["numeric"],
  boolean: ["integer"],
  jsonb: [...NUMBERS, "boolean", "json"],
  json: ["jsonb"],
  [DATE]: [TIMESTAMP, TIMESTAMPTZ],
  [TIMESTAMP]: [DATE, TIMESTAMPTZ],
  [TIMESTAMPTZ]: [DATE, TIMESTAMP],
};
const NUMBER = /^(smallint|integer|bigint|numeric|double precision)/;
const TEXT = /^(text|character|name|citext)/;

/** The conversion of its values: by a cast that PostgreSQL has, by two, or by their text. */
function convert(id: string, { type }: Found, to: string): string {
  const plain = (name: string) => name.replace(/\(.*?\)/, "");
  const casts = CASTS[plain(type)] ?? [];
  const isDirect = [plain(type), ...casts].includes(plain(to)) || TEXT.test(type) || to === "text";
  if (isDirect) return `${id}::${to}`;
  const middle = NUMBER.test(to) ? ["numeric", "integer"].find((name) => casts.includes(name)) : undefined;
  return `${id}::${middle ?? "text"}::${to}`;
}

/** From which types, to which, and what values lose by that. */
const LOSSES: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^(real|double|numeric|money|json)/, /^(smallint|integer|bigint)/, "rounds each value to a whole number"],
  [/^(real|double|money|json|text|char)/, /^numeric/, "rounds each value to the digits of the type"],
  [/^(numeric|bigint|money|text|char)/, /^double/, "keeps about 15 digits of each value"],
  [/^timestamp.* without/, /^date/, "cuts off the time of day"],
  [
    /^timestamp.* with /,
    /^date/,
    "keeps the day in the session's TimeZone, which is to be set first, and cuts off the time of day",
  ],
  [
    /^(date|timestamp.* without)/,
    /^timestamp.* with /,
    "takes each time as one in the session's TimeZone, which is to be set first",
  ],
  [/^timestamp.* with /, /^timestamp.* without/, "keeps the time in the session's TimeZone, which is to be set first"],
  [
    /^(text|char)/,
    /^timestamp.* with /,
    "reads each text by the session's DateStyle and TimeZone, which are to be set first",
  ],
  [/^(text|char)/, /^timestamp.* without/, "reads each text by the session's DateStyle, and leaves out zones"],
  [/^(text|char)/, /^date/, "reads each text by the session's DateStyle, and cuts off times of day"],
  [
    /^(date|time|interval)/,
    /^text/,
    "writes each value by the session's DateStyle and TimeZone, which are to be set first",
  ],
  [/^money/, /^text/, "writes each value by the session's lc_monetary"],
  [/^character\(/, /^text/, "cuts off blanks at the end"],
  [/^(smallint|integer|bigint)/, /^boolean/, "makes true from each number but 0"],
  [/^json$/, /^jsonb/, "keeps the last of repeated keys only, and no order of keys"],
];

function lossOf(from: string, to: string): string | undefined {
  return LOSSES.find(([have, want]) => have.test(from) && want.test(to))?.[2];
}

/** Without a limit, `varchar` is the same as `text` on disk; each other change of a type rewrites each row. */
function costOf(from: string, to: string): string | undefined {
  const isKept = to === "text" && from.startsWith("character varying");
  return isKept ? undefined : "rewrites the whole table, which cannot be read or written meanwhile";
}
