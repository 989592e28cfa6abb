import Papa from "papaparse";
import { headersOf } from "../contract/column";
import type { CsvContract } from "../contract/contract";
import { REJECTED_ROW } from "../contract/schema/names";
import { defuse } from "./formulas";
import type { RejectedToMend } from "./read-rejected";

/** The columns that are not the source's. A contract's column cannot begin so. */
export const OWN = {
  row: REJECTED_ROW,
  reason: "millrace_reason",
  source: "millrace_source",
  line: "millrace_line",
  byte: "millrace_byte",
  run: "millrace_run",
  text: "millrace_text",
} as const;

const NAMES: ReadonlySet<string> = new Set(Object.values(OWN));

/** What the header of a source without one would say. */
function ownHeader({ columns }: CsvContract): readonly string[] {
  return Object.entries(columns).map(([name, column]) => headersOf(name, column)[0] ?? name);
}

/** The source's columns that a file of rejected rows shows. */
function shownColumns(header: readonly string[]): readonly string[] {
  return [...new Set(header)].filter((name) => name !== "" && !NAMES.has(name));
}

export interface RejectedFile {
  readonly text: string;
  /** Rows whose columns are empty, as their text is not kept, is cut, or cannot be taken apart. */
  readonly bare: number;
}

/**
 * Writes rejected rows in their source's columns, for a person with a spreadsheet: with a byte order mark, and without formulas.
 *
 * @param contractOf the contract of a row's source
 */
export function writeRejected(
  rows: readonly RejectedToMend[],
  contractOf: (source: string) => CsvContract,
): RejectedFile {
  let bare = 0;
  const columns = new Set<string>();
  const written = rows.map((row) => {
    const contract = contractOf(row.source);
    const header = row.header ?? ownHeader(contract);
    for (const name of shownColumns(header)) columns.add(name);
    const fields = takeApart(row.raw, header.length, contract);
    if (fields === undefined) bare += 1;
    return { row, values: new Map(header.map((name, at) => [name, fields?.[at] ?? ""])), isBare: fields === undefined };
  });
  const names = [OWN.row, OWN.reason, ...columns, OWN.source, OWN.line, OWN.byte, OWN.run, OWN.text];
  const data = written.map(({ row, values, isBare }) =>
    [
      String(row.id),
      row.reason,
      ...[...columns].map((name) => values.get(name) ?? ""),
      ...[row.source, row.line ?? "", row.byte ?? "", row.run, isBare ? row.raw : ""],
    ].map(defuse),
  );
  const text = Papa.unparse({ fields: names.map(defuse), data }, { newline: "\r\n" });
  return { text: `\uFEFF${text}\r\n`, bare };
}

/** Longer texts are cut (`cutRaw`). */
const WHOLE = 1_000;

/** Undefined where the text is not the row's fields. */
function takeApart(raw: string, width: number, { delimiter = "," }: CsvContract): readonly string[] | undefined {
  if (raw === "" || raw.length >= WHOLE) return undefined;
  const { data, errors } = Papa.parse<string[]>(raw, { delimiter, newline: "\n", quoteChar: '"' });
  const [fields, ...more] = data;
  return errors.length === 0 && more.length === 0 && fields?.length === width ? fields : undefined;
}
