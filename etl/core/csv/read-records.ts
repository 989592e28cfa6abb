import type * as z from "zod";
import { CsvError, type Place } from "../errors";
import type { Bytes } from "../ports";
import { parseCsv, type RawBatch } from "./csv";
import { adviseOnText, isUtf16 } from "./packing";
import type { Contract } from "./record-contract";

/** A raw row that broke its contract. */
export interface RejectedRow {
  /** What the pipeline calls the source, or its address. */
  readonly source: string;
  /** The source's address, where `source` is another name. */
  readonly location?: string;
  /** 1 is the first line of the source, its header; undefined where it is read in parts. */
  readonly line?: number;
  /** The byte of the source that the row begins at, where the line is not known. */
  readonly offset?: number;
  readonly reason: string;
  /** The row's text, cut at 1,000 characters. */
  readonly raw: string;
}

/** What was found in a source. */
export interface ReadTally {
  /** All but the header and blank lines. */
  rows: number;
  /** The header's columns. */
  header?: readonly string[];
  /** The contract's columns, as the header names them, that none of the rows that are meant has a value in. */
  empty?: readonly string[];
}

/** What is read, and who is told of it. */
export interface ReadOptions<Schema extends z.ZodObject> {
  readonly name: string;
  /** Path, URL or `s3://` address, for messages. Default: the name. */
  readonly location?: string;
  readonly bytes: Bytes;
  readonly contract: Contract<Schema>;
  readonly tally: ReadTally;
  readonly onRejected: (row: RejectedRow) => void;
  /** Takes a record, or gives the reason for rejecting its row: for what a schema cannot know. Default: takes all. */
  readonly accept?: (record: z.output<Schema>) => string | undefined;
}

const RAW_KEPT = 1_000;

/** A row's text as it is kept. */
export function cutRaw(raw: string): string {
  return raw.length > RAW_KEPT ? `${raw.slice(0, RAW_KEPT - 1)}…` : raw;
}

/** A field as a reason quotes it. */
export function quoteField(value: string): string {
  return value === "" ? "nothing" : JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

/**
 * Reads a source by its contract, in batches of records. The columns are found by name in the header.
 *
 * @throws CsvError where the source is empty, a column is missing, or the text is no CSV
 */
export async function* readRecords<Schema extends z.ZodObject>(
  options: ReadOptions<Schema>,
): AsyncGenerator<z.output<Schema>[]> {
  let reader: RowReader<Schema> | undefined;
  for await (const batch of parseCsv(options.bytes, placeOf(options))) {
    const records: z.output<Schema>[] = [];
    for (let index = 0; index < batch.rows.length; index += 1) {
      const row = batch.rows[index] ?? [];
      if (row.length === 1 && row[0]?.trim() === "") continue;
      if (reader === undefined) reader = new RowReader(options, row, batch.line(index));
      else reader.read(batch, index, records);
    }
    if (records.length > 0) yield records;
  }
  options.tally.header = reader?.header;
  options.tally.empty = reader?.empty;
  if (reader === undefined) {
    throw new CsvError("This source is empty", {
      expected: `a header with ${Object.values(options.contract.headers).join(", ")}`,
      where: placeOf(options),
      fix: "Look at where it comes from",
    });
  }
}

function placeOf({ name, location = name }: { readonly name: string; readonly location?: string }): Place {
  return { source: location, role: name };
}

/** Knows where the contract's columns stand in one source, and makes records of its rows. */
class RowReader<Schema extends z.ZodObject> {
  readonly header: readonly string[];
  readonly #options: ReadOptions<Schema>;
  readonly #width: number;
  /** Those without a value so far: mostly none, so that looking costs nothing. */
  #unfilled: readonly { readonly field: string; readonly header: string }[];
  #meant = 0;
  readonly #fields: readonly { readonly field: string; readonly header: string; readonly at: number }[];

  constructor(options: ReadOptions<Schema>, header: readonly string[], line: number) {
    this.#options = options;
    this.#width = header.length;
    const names = header.map((name) => name.trim());
    this.#fields = Object.entries<string>(options.contract.headers).map(([field, wanted]) => {
      const at = names.indexOf(wanted);
      if (at === -1) throw missingColumn(wanted, names, { ...placeOf(options), line });
      if (names.includes(wanted, at + 1)) throw doubleColumn(wanted, { ...placeOf(options), line });
      return { field, header: wanted, at };
    });
    this.header = names;
    this.#unfilled = this.#fields;
  }

  get empty(): readonly string[] {
    return this.#meant === 0 ? [] : this.#unfilled.map(({ header }) => header);
  }

  read(batch: RawBatch, index: number, records: z.output<Schema>[]): void {
    const { contract, tally, accept } = this.#options;
    const row = batch.rows[index] ?? [];
    tally.rows += 1;
    const malformed = batch.broken.get(index) ?? this.#wrongWidth(row);
    if (malformed !== undefined) {
      this.#reject(batch, index, malformed);
      return;
    }
    const fields: Record<string, string> = {};
    for (const { field, at } of this.#fields) fields[field] = row[at] ?? "";
    if (contract.isMeant?.(fields) === false) return;
    this.#meant += 1;
    if (this.#unfilled.length > 0) {
      this.#unfilled = this.#unfilled.filter(({ field }) => fields[field]?.trim() === "");
    }
    const result = contract.schema.safeParse(fields);
    const reason = result.success ? accept?.(result.data) : this.#explain(result.error, fields);
    if (reason !== undefined) this.#reject(batch, index, reason);
    else if (result.success) records.push(result.data);
  }

  #wrongWidth(row: readonly string[]): string | undefined {
    if (row.length === this.#width) return undefined;
    return `got ${row.length} fields, expected ${this.#width} as in the header`;
  }

  #explain(error: z.ZodError, fields: Record<string, string>): string {
    const byField = new Map(error.issues.map(({ path, message }) => [String(path[0]), message]));
    return [...byField]
      .map(([field, expected]) => {
        const header = this.#fields.find((known) => known.field === field)?.header ?? field;
        return `${header}: got ${quoteField(fields[field] ?? "")}, expected ${expected}`;
      })
      .join("; ");
  }

  #reject(batch: RawBatch, index: number, reason: string): void {
    this.#options.onRejected({
      source: this.#options.name,
      ...(this.#options.location !== undefined && { location: this.#options.location }),
      line: batch.line(index),
      reason,
      raw: cutRaw(batch.raw(index)),
    });
  }
}

function missingColumn(wanted: string, names: readonly string[], where: Place): CsvError {
  return new CsvError(`The header has no column ${wanted}`, {
    got: quoteHeader(names),
    expected: `a column named ${wanted}`,
    where,
    fix: adviseOnHeader(names) ?? "Rename the column in the source or in the contract",
  });
}

/** A header as a message quotes it. */
export function quoteHeader(names: readonly string[]): string {
  const header = names.join(",");
  return JSON.stringify(header.length > 120 ? `${header.slice(0, 120)}…` : header);
}

/** What to do about a header that shows that the file is no CSV at all. */
export function adviseOnHeader(names: readonly string[]): string | undefined {
  const header = names.join(",");
  if (/^<(!doctype|html|\?xml)/i.test(header)) return "This is a web page, not a CSV: check the address";
  const bytes = Buffer.from(header);
  return isUtf16(bytes) ? adviseOnText(bytes) : undefined;
}

function doubleColumn(wanted: string, where: Place): CsvError {
  return new CsvError(`The header has the column ${wanted} twice`, { where, fix: "Remove one of the two" });
}
