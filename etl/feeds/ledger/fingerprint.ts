import { createHash } from "node:crypto";
import { type Column, headersOf } from "../../core/contract/column";
import type { Feed } from "../../core/contract/contract";

/**
 * A short name of all that decides what a row of a source becomes: columns (type, NULL, limits, formats, names in the header), key, header,
 * delimiter, encoding and line breaks in quotes. Not of it are names of feed and table, limits of what is rejected, what reasons and logs say
 * (`expected`, `sensitive`) and the order of what has none.
 */
export function fingerprintOf(contract: Feed): string {
  const { columns, key, header = true, delimiter = ",", encoding = "utf-8", quotedLineBreaks = false } = contract;
  const parts = Object.entries(columns).map(([name, column]) => [name, partsOf(name, column, header)]);
  // Without a header the contract's order says which field a column is.
  const ordered = header ? parts.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)) : parts;
  return digest([ordered, [...key].sort(), header, delimiter, encoding, quotedLineBreaks]);
}

/** Of all that decides whether an object is rejected: what rows become, and how much may be wrong with it. */
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
