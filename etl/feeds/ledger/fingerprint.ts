import { createHash } from "node:crypto";
import { type Column, headersOf } from "../../core/contract/column";
import type { Feed } from "../../core/contract/contract";

/**
 * A hash of all that decides how a source's row is read: columns (type, NULL, limits, formats, names in the header),
 * key, header, delimiter, encoding and line breaks in quotes. Not part of it are the names of feed and table, limits of
 * rejected rows, texts of reasons and logs (`expected`, `sensitive`), and the order of parts that have none.
 */
export function fingerprintOf(contract: Feed): string {
  const { columns, key, header = true, delimiter = ",", encoding = "utf-8", quotedLineBreaks = false } = contract;
  const parts = Object.entries(columns).map(([name, column]) => [name, partsOf(name, column, header)]);
  // Without a header the contract's order says which field a column is.
  const ordered = header ? parts.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)) : parts;
  return digest([ordered, [...key].sort(), header, delimiter, encoding, quotedLineBreaks]);
}

/**
 * A hash of all that decides whether an object is rejected: how its rows are read, and how many of them may be
 * rejected.
 */
export function strictnessOf(contract: Feed): string {
  const { maxRejected = { rows: 0 }, unknownColumns = "ignore" } = contract;
  return digest([fingerprintOf(contract), Object.entries(maxRejected), unknownColumns === "fail"]);
}

const NO_DIFFERENCE: readonly unknown[] = ["expected", "sensitive", "header"];

function partsOf(name: string, column: Column, hasHeader: boolean): readonly unknown[] {
  const options = Object.entries(column)
    .filter(([option, value]) => !NO_DIFFERENCE.includes(option) && value !== undefined && value !== false)
    .filter(([option, value]) => !(option === "decimal" && value === "."))
    .map(([option, value]) => [option, option === "nullText" ? [value].flat().sort() : value])
    .map(([option, value]) => [option, option === "oneOf" && Array.isArray(value) ? [...value].sort() : value])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return [options, hasHeader ? [...headersOf(name, column)].sort() : []];
}

function digest(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
