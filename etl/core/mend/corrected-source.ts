import Papa from "papaparse";
import { headersOf } from "../contract/column";
import type { CsvContract } from "../contract/contract";
import { UsageError } from "../errors";
import type { RowToMend } from "./find-rejected";

/** Corrected rows as a source that their contract reads. */
export interface CorrectedSource {
  readonly content: Buffer;
  /** The rows by the byte that each begins at. */
  readonly byOffset: ReadonlyMap<number, RowToMend>;
  /** Rows that nobody filled in. */
  readonly bare: readonly RowToMend[];
}

/** How a source of corrected rows is read, whatever the sources of the contract are. */
export function contractOfCorrected<Contract extends CsvContract>(contract: Contract): Contract {
  return { ...contract, header: true, encoding: "utf-8", quotedLineBreaks: true, unknownColumns: "ignore" };
}

/**
 * Writes rows of one header as the source they came from.
 *
 * @param file what messages call the file of corrected rows
 * @throws UsageError where it lacks a column of the contract: its values would be NULL
 */
export function correctedSource(rows: readonly RowToMend[], contract: CsvContract, file: string): CorrectedSource {
  const header = rows.find((row) => row.header !== null)?.header ?? namesIn(rows, contract);
  requireColumns(rows, header, contract, file);
  const { delimiter = "," } = contract;
  const lineOf = (fields: readonly string[]) => `${Papa.unparse([[...fields]], { delimiter, quotes: true })}\n`;
  const byOffset = new Map<number, RowToMend>();
  const bare: RowToMend[] = [];
  const lines = [lineOf(header)];
  let offset = Buffer.byteLength(lines[0] ?? "");
  for (const row of rows) {
    const fields = header.map((name) => row.corrected.values.get(name) ?? "");
    if (fields.every((field) => field === "")) {
      bare.push(row);
      continue;
    }
    const text = lineOf(fields);
    byOffset.set(offset, row);
    lines.push(text);
    offset += Buffer.byteLength(text);
  }
  return { content: Buffer.from(lines.join("")), byOffset, bare };
}

/** Where the ledger has no header: of the names that a column may have, the one in the file. */
function namesIn([first]: readonly RowToMend[], { columns }: CsvContract): readonly string[] {
  return Object.entries(columns).map(([name, column]) => {
    const names = headersOf(name, column);
    return names.find((known) => first?.corrected.values.has(known)) ?? names[0] ?? name;
  });
}

/** Columns that the contract does not have may be missing: nothing of them is loaded. */
function requireColumns(
  [first]: readonly RowToMend[],
  header: readonly string[],
  { columns }: CsvContract,
  file: string,
): void {
  const wanted = new Set(Object.entries(columns).flatMap(([name, column]) => headersOf(name, column)));
  const values = first?.corrected.values;
  const missing = header.filter((name) => wanted.has(name) && values?.has(name) === false);
  if (missing.length === 0) return;
  const lower = new Set(missing.map((name) => name.toLowerCase()));
  const alike = [...(values?.keys() ?? [])].find((name) => lower.has(name.toLowerCase()));
  throw new UsageError(`The file has no column ${missing.join(", ")}`, {
    got: JSON.stringify([...(values?.keys() ?? [])].join(",")),
    expected: "all columns of the contract, named as in the source",
    where: { source: file, line: 1 },
    fix: `${alike === undefined ? "" : `It is ${alike} there, in another case. `}Write its name as the command rejected did, and run again: nothing was mended`,
  });
}

/** Why a row that nobody filled in stays rejected. */
export const BARE =
  "its columns are empty, expected its values. Copy them from millrace_text, or from the source at its line or byte";
