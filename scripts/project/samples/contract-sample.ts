import fc from "fast-check";
import Papa from "papaparse";
import { type Column, headersOf } from "../../../etl/core/contract/column";
import type { CsvContract } from "../../../etl/core/contract/contract";
import { encode } from "../../../etl/core/contract/fields/bytes";
import { compileField } from "../../../etl/core/contract/fields/field";
import { REWRITTEN_BYTES } from "../../../etl/core/contract/fields/field-check";
import { compilePattern } from "../../../etl/core/contract/fields/pattern";
import { MillraceError } from "../../../etl/core/errors";

const SEED = 20_260_105;
const ROWS = [1, 2, 3];

/**
 * A made-up CSV that is valid for a contract, always the same one. Nullable columns are empty in its first row.
 *
 * @throws MillraceError if no made-up text is a value of a column
 */
export function makeSample(contract: CsvContract): string {
  const columns = Object.entries(contract.columns);
  const rows = ROWS.map((row) => columns.map(([name, column]) => makeUp(name, column, row)));
  const header = columns.map(([name, column]) => headersOf(name, column)[0] ?? name);
  const lines = contract.header === false ? rows : [header, ...rows];
  return `${Papa.unparse(lines, { delimiter: contract.delimiter ?? ",", newline: "\n" })}\n`;
}

function makeUp(name: string, column: Column, row: number): string {
  if (column.nullable === true && row === 1) return "";
  const found = candidates(column, row).find((text) => isValue(column, text));
  if (found !== undefined) return found;
  throw new MillraceError(`No value of the column ${name} could be made up`, { fix: "Write the sample by hand" });
}

/** Candidates for a value, the best first. */
function candidates(column: Column, row: number): readonly string[] {
  switch (column.type) {
    case "text": {
      if (column.oneOf !== undefined) return column.oneOf.map((_, at, all) => all[(at + row - 1) % all.length] ?? "");
      const matching = column.pattern === undefined ? undefined : fc.stringMatching(compilePattern(column.pattern));
      const texts = [`made up ${row}`, `${row}`, "x", ""].map((text) => text.padEnd(column.min ?? 0, "x"));
      return matching === undefined ? texts : fc.sample(matching, { seed: SEED + row, numRuns: 100 });
    }
    case "integer":
    case "bigint":
    case "numeric":
    case "double": {
      const least = column.min === undefined ? [] : [`${Number(column.min) + row}`, `${column.min}`];
      const most = column.max === undefined ? [] : [`${Number(column.max) - row}`, `${column.max}`];
      const decimals = column.type === "numeric" && column.scale > 1 ? [`${row}.50`] : [];
      const texts = [...decimals, `${row}`, ...least, ...most, `0.${row}`, "0"];
      return "decimal" in column && column.decimal === "," ? texts.map((text) => text.replace(".", ",")) : texts;
    }
    case "boolean":
      return [row % 2 === 0 ? "false" : "true"];
    case "date":
      return [writeTime(column.format ?? "YYYY-MM-DD", row)];
    case "timestamp":
      return [writeTime(column.format ?? "YYYY-MM-DDTHH:mm:ss", row)];
    case "timestamptz":
      return [writeTime(column.format ?? "YYYY-MM-DDTHH:mm:ssZ", row)];
    case "uuid":
      return [`00000000-0000-4000-8000-00000000000${row}`];
    case "json":
      return [JSON.stringify({ row })];
  }
}

/** 2026-01-05 and the days after it, at half past nine. */
function writeTime(format: string, row: number): string {
  const day = `${row + 4}`;
  const parts: Readonly<Record<string, string>> = {
    ...{ YYYY: "2026", MM: "01", M: "1", DD: `0${day}`, D: day },
    ...{ HH: "09", H: "9", hh: "09", h: "9", mm: "30", ss: "00", S: "0", A: "AM", Z: "Z" },
  };
  return format.replaceAll(/YYYY|MM?|DD?|HH?|hh?|mm|ss|S|A|Z/g, (token) => parts[token] ?? token);
}

function isValue(column: Column, text: string): boolean {
  const { rewrite, check } = compileField(column);
  const bytes = encode(text);
  if (rewrite === undefined) return check(bytes, 0, bytes.length);
  const into = new Uint8Array(bytes.length + REWRITTEN_BYTES);
  const length = rewrite(bytes, 0, bytes.length, into);
  return length >= 0 && check(into, 0, length);
}
