import type { Column, ColumnType, NumericColumn, TextColumn, TimeColumn, WholeColumn } from "./column";
import { DEEPEST, MOST_BEFORE } from "./fields/json-field";
import { PATTERN_MAX } from "./fields/pattern";
import { wholeLimits } from "./fields/whole-field";

/** The expected value of a field, for reasons and the documentation. */
export function describeColumn(column: Column): string {
  const expected = column.expected ?? describeType(column);
  return column.nullable === true ? `${expected}, or nothing` : expected;
}

function describeType(column: ColumnType): string {
  switch (column.type) {
    case "text":
      return describeText(column);
    case "integer":
    case "bigint":
      return `${describeWhole(column)}${grouped(column.thousands)}`;
    case "numeric":
      return `${describeNumeric(column)}${limits(column)}${grouped(column.thousands)}`;
    case "double":
      return `a finite floating-point number like ${pointed("0.5", column)} or ${pointed("1.5e3", column)}${limits(column)}${grouped(column.thousands)}`;
    case "boolean":
      return "true or false, t or f, yes or no, y or n, 1 or 0";
    case "date":
    case "timestamp":
    case "timestamptz":
      return describeTime(column);
    case "uuid":
      return "a UUID: 32 hexadecimal digits, perhaps with hyphens as 8-4-4-4-12 and in braces";
    case "json":
      return `JSON as jsonb keeps it: no \\u0000, no half of a surrogate pair, at most ${DEEPEST} levels deep, no number of more than ${MOST_BEFORE} digits`;
  }
}

/** The number of words of a list that fit into a line. */
const MOST_WORDS = 10;

function describeText({ min = 0, oneOf, pattern, nul, ...column }: TextColumn): string {
  const max = column.max ?? (pattern === undefined ? undefined : PATTERN_MAX);
  if (oneOf !== undefined) {
    const words = oneOf.slice(0, MOST_WORDS).map((word) => JSON.stringify(word));
    return `one of ${words.join(", ")}${oneOf.length > MOST_WORDS ? ", …" : ""}`;
  }
  const size =
    max === undefined ? (min > 0 ? ` of at least ${min} characters` : "") : ` of ${min} to ${max} characters`;
  const kind = pattern === undefined ? "" : ` like ${pattern}`;
  return `text${size}${kind}${nul === true ? "" : " without a NUL character"}`;
}

function describeWhole(column: WholeColumn): string {
  const { least, most } = wholeLimits(column);
  if (column.min !== undefined || column.max !== undefined) return `a whole number from ${least} to ${most}`;
  return `a whole number of ${column.type === "integer" ? 32 : 64} bits`;
}

/** A number in its column's format. */
function pointed(number: string, { decimal }: { readonly decimal?: string }): string {
  return decimal === "," ? number.replace(".", ",") : number;
}

function describeNumeric({ precision, scale, decimal }: NumericColumn): string {
  const point = decimal === "," ? "comma" : "point";
  return `a number like ${pointed(scale === 0 ? "5" : "0.5", { decimal })} with at most ${precision - scale} digits before and ${scale} after the ${point}`;
}

function limits({ min, max }: { readonly min?: number | string; readonly max?: number | string }): string {
  if (min !== undefined && max !== undefined) return `, from ${min} to ${max}`;
  if (min !== undefined) return `, at least ${min}`;
  return max === undefined ? "" : `, at most ${max}`;
}

function grouped(thousands: string | undefined): string {
  return thousands === undefined ? "" : `, perhaps in groups like 1${thousands}234`;
}

function describeTime({ type, format }: TimeColumn): string {
  const [what, example] = {
    date: ["a calendar day", "YYYY-MM-DD"],
    timestamp: ["a time without a zone", "2026-01-31T23:59:59"],
    timestamptz: ["a time with its zone (Z, or up to ±14:59)", "2026-01-31T23:59:59Z"],
  }[type];
  return `${what}${type !== "date" && format === undefined ? "," : ""} as ${format ?? example}`;
}
