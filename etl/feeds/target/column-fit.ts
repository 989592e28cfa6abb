import type { Column } from "../../core/contract/column";
import { PATTERN_MAX } from "../../core/contract/fields/pattern";
import { wholeLimits } from "../../core/contract/fields/whole-field";
import { sqlType } from "./create-target";

/** A column of a table, from the catalogue. */
export interface Found {
  /** As `format_type` writes it. For a domain, the type below it. */
  readonly type: string;
  /** The type, or the domain. */
  readonly declared: string;
  /** Labels of an enum; else none. */
  readonly labels: readonly string[];
  /** Its collation, if different texts are equal by it. */
  readonly loose: string | null;
}

/** Bits of PostgreSQL's integer types. */
const BITS: Readonly<Record<string, bigint>> = { smallint: 15n, integer: 31n, bigint: 63n };

/** Why a column of a table cannot store each value that the contract's column allows; empty if it can. */
export function misfitsOf(found: Found, name: string, column: Column): readonly string[] {
  const other = `${name} is ${found.type}, not ${sqlType(column)}`;
  if (found.type === sqlType(column)) return [];
  switch (column.type) {
    case "text":
      return misfitsOfText(found, name, column, other);
    case "integer":
    case "bigint":
      return holdsWhole(found.type, column) || holdsDigits(found.type, column) ? [] : [other];
    case "numeric":
      return holdsDigits(found.type, column) ? [] : [other];
    case "json":
      return [
        found.type === "json" ? `${name} is json, which has no equality: a changed value could not be found` : other,
      ];
    default:
      return [other];
  }
}

function misfitsOfText(
  { type, declared, labels }: Found,
  name: string,
  column: Extract<Column, { readonly type: "text" }>,
  other: string,
): readonly string[] {
  const { oneOf } = column;
  if (type === "character varying") return [];
  if (labels.length > 0 && declared !== type) {
    return [`${name} is the domain ${declared} over the enum ${type}, for which PostgreSQL has no comparison`];
  }
  if (labels.length > 0) {
    const lacking = oneOf?.find((word) => !labels.includes(word));
    if (oneOf !== undefined && lacking === undefined) return [];
    const needed = `oneOf: [${labels.map((label) => JSON.stringify(label)).join(", ")}]`;
    const why = lacking === undefined ? "the contract allows any text" : `has no ${JSON.stringify(lacking)}`;
    return [`${name} is the enum ${type}, and ${why}: set ${needed} in the contract`];
  }
  const limit = /^character varying\((\d+)\)$/.exec(type)?.[1];
  if (limit === undefined) return [other];
  const longest = longestOf(column);
  if (longest <= Number(limit)) return [];
  const why = longest === Number.POSITIVE_INFINITY ? "has no max" : `allows ${longest} characters`;
  return [`${name} is ${type}, and the contract ${why}: set max: ${limit} in it`];
}

function longestOf({ oneOf, max, pattern }: Extract<Column, { readonly type: "text" }>): number {
  if (oneOf !== undefined) return Math.max(...oneOf.map((word) => [...word].length));
  return max ?? (pattern === undefined ? Number.POSITIVE_INFINITY : PATTERN_MAX);
}

function holdsWhole(found: string, column: Extract<Column, { readonly type: "integer" | "bigint" }>): boolean {
  const bits = BITS[found];
  const { least, most } = wholeLimits(column);
  return bits !== undefined && least >= -(2n ** bits) && most < 2n ** bits;
}

/** A numeric that loses no digit. */
function holdsDigits(found: string, column: Column): boolean {
  const [have, need] = [numericShape(found), digitsOf(column)];
  return have !== undefined && need !== undefined && have.before >= need.before && have.after >= need.after;
}

/** Digits before and after the point. */
export interface Digits {
  readonly before: number;
  readonly after: number;
}

/** Those of a contract's exact number. */
export function digitsOf(column: Column): Digits | undefined {
  if (column.type === "numeric") return { before: column.precision - column.scale, after: column.scale };
  if (column.type !== "integer" && column.type !== "bigint") return undefined;
  const { least, most } = wholeLimits(column);
  return { before: Math.max(...[least, most].map((limit) => `${limit}`.replace("-", "").length)), after: 0 };
}

export function numericShape(type: string): Digits | undefined {
  if (type === "numeric") return { before: Number.POSITIVE_INFINITY, after: Number.POSITIVE_INFINITY };
  const match = /^numeric\((\d+),(\d+)\)$/.exec(type);
  if (match === null) return undefined;
  const [precision, scale] = [Number(match[1]), Number(match[2])];
  return { before: precision - scale, after: scale };
}
