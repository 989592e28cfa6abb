import Papa from "papaparse";
import { CsvError } from "../errors";
import type { TextRow } from "./table-rows";

/** NULL; a text that begins with a backslash has one more. */
const NULL = "\\N";

/** Rows as CSV with a header, every field quoted: lines are separated, not ended, so that an empty text is a row. */
export async function* writeCsv(
  header: readonly string[],
  batches: AsyncIterable<readonly TextRow[]>,
): AsyncGenerator<string> {
  yield csvHeader(header);
  for await (const rows of batches) yield csvLines(rows);
}

/** The first line of such a CSV. */
export function csvHeader(header: readonly string[]): string {
  return textOf([header]);
}

/** More lines of it: at least one row. */
export function csvLines(rows: readonly TextRow[]): string {
  return `\n${textOf(rows.map((row) => row.map(encode)))}`;
}

function textOf(rows: readonly (readonly string[])[]): string {
  return Papa.unparse(rows as string[][], { quotes: true, newline: "\n" });
}

function encode(value: string | null): string {
  if (value === null) return NULL;
  return value.startsWith("\\") ? `\\${value}` : value;
}

/**
 * The rows of such a CSV, without its header.
 *
 * @param fields its rows, as Papa Parse reads them
 * @throws CsvError if header or width are not as expected
 */
export async function* readCsv(
  header: readonly string[],
  fields: AsyncIterable<readonly string[]>,
  source: string,
): AsyncGenerator<TextRow> {
  let line = 0;
  for await (const row of fields) {
    line += 1;
    if (row.length !== header.length || (line === 1 && row.some((name, at) => name !== header[at]))) {
      throw new CsvError(line === 1 ? "The header is another one" : "A row has another number of fields", {
        got: line === 1 ? row.join(", ") : String(row.length),
        expected: line === 1 ? header.join(", ") : String(header.length),
        where: { source },
      });
    }
    if (line > 1) yield row.map(decode);
  }
}

function decode(text: string): string | null {
  if (text === NULL) return null;
  return text.startsWith("\\") ? text.slice(1) : text;
}
