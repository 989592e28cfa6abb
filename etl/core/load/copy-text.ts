import { setImmediate } from "node:timers/promises";
import type { CopyRows } from "../database";
import { DatabaseError } from "../errors";

/** A record as COPY sees it. Objects other than Date and Uint8Array become JSON. */
export type CopyRecord<Column extends string> = Readonly<Record<Column, unknown>>;

/** COPY is fastest when written in buffers of about this many characters; a write for each row is six times slower. */
const BUFFER_CHARACTERS = 64 * 1024;

const NEEDS_CARE = /[\\\t\n\r\0\uD800-\uDFFF]/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/**
 * Encodes batches of records as COPY's text format (PostgreSQL manual, COPY, "Text Format"), in buffers of about
 * 64 KiB that end where a row ends. `see` is shown each record before it is encoded.
 *
 * @throws DatabaseError for a value that PostgreSQL's text cannot hold: U+0000, half a surrogate pair, undefined.
 */
export async function* encodeCopyText<Column extends string>(
  batches: AsyncIterable<readonly CopyRecord<Column>[]>,
  columns: readonly Column[],
  see: (record: CopyRecord<Column>, ordinal: number) => void,
): CopyRows {
  let ordinal = 0;
  let rows: string[] = [];
  let characters = 0;
  for await (const batch of batches) {
    for (const record of batch) {
      ordinal += 1;
      see(record, ordinal);
      const row = encodeRow(record, columns, ordinal);
      rows.push(row);
      characters += row.length;
      if (characters < BUFFER_CHARACTERS) continue;
      yield Buffer.from(rows.join(""));
      // Writing to a socket that takes everything at once never lets go of the event loop, so that neither a signal nor
      // the server's complaint would be noticed before the end.
      await setImmediate();
      rows = [];
      characters = 0;
    }
  }
  if (rows.length > 0) yield Buffer.from(rows.join(""));
}

function encodeRow<Column extends string>(
  record: CopyRecord<Column>,
  columns: readonly Column[],
  ordinal: number,
): string {
  let row = "";
  let isFirst = true;
  for (const column of columns) {
    const value: unknown = record[column];
    if (!isFirst) row += "\t";
    isFirst = false;
    row += typeof value === "number" ? value : encodeValue(value, ordinal, column);
  }
  return `${row}\n`;
}

function encodeValue(value: unknown, ordinal: number, column: string): string {
  switch (typeof value) {
    case "string":
      return NEEDS_CARE.test(value) ? escapeText(value, ordinal, column) : value;
    case "boolean":
      return value ? "t" : "f";
    case "object":
      if (value === null) return "\\N";
      if (value instanceof Date) return encodeDate(value, ordinal, column);
      if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString("hex")}`;
      return encodeValue(JSON.stringify(value), ordinal, column);
    case "bigint":
    case "number":
      return String(value);
    default:
      throw refuse("a record lacks a value", typeof value, "a value, or null for an unknown one", ordinal, column);
  }
}

function encodeDate(value: Date, ordinal: number, column: string): string {
  if (Number.isNaN(value.getTime())) throw refuse("a date is not one", "Invalid Date", "a Date", ordinal, column);
  return value.toISOString();
}

function escapeText(value: string, ordinal: number, column: string): string {
  if (value.includes("\0")) {
    throw refuse("a text holds a NUL character", "U+0000", "text that PostgreSQL can store", ordinal, column);
  }
  if (LONE_SURROGATE.test(value)) {
    throw refuse("a text holds half a surrogate pair", "a lone surrogate", "well-formed Unicode", ordinal, column);
  }
  return value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

function refuse(headline: string, got: string, expected: string, ordinal: number, column: string): DatabaseError {
  return new DatabaseError(headline, {
    got,
    expected,
    where: { source: `record ${ordinal} of the load`, column },
    fix: "Reject such rows before the load.",
  });
}
