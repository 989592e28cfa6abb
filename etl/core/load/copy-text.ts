import { setImmediate } from "node:timers/promises";
import type { CopyRows } from "../database/database";
import { DatabaseError } from "../errors";
import { CopyBuffer } from "./copy-buffer";

/** A record as COPY sees it. Objects other than Date and Uint8Array become JSON. */
export type CopyRecord<Column extends string> = Readonly<Record<Column, unknown>>;

const CANNOT_STORE = /[\0\uD800-\uDFFF]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Encodes batches of records as COPY's text format (PostgreSQL manual, COPY, "Text Format"), in buffers of about
 * 64 KiB that end where a row ends. `see` is called with each record before it is encoded.
 *
 * @throws DatabaseError for a value that PostgreSQL's text cannot hold: U+0000, half a surrogate pair, undefined.
 */
export async function* encodeCopyText<Column extends string>(
  batches: AsyncIterable<readonly CopyRecord<Column>[]>,
  columns: readonly Column[],
  see: (record: CopyRecord<Column>, ordinal: number) => void,
): CopyRows {
  const encoder = new CopyEncoder(columns, see);
  for await (const batch of batches) {
    for (let done = encoder.encode(batch, 0); done < batch.length; done = encoder.encode(batch, done)) {
      yield encoder.rows.take();
      // Writing to a socket that accepts everything at once never yields to the event loop, so neither a signal nor the
      // server's error would be noticed before the end.
      await setImmediate();
    }
  }
  if (!encoder.rows.isEmpty) yield encoder.rows.take();
}

/** The loop over the records is a function of its own: V8 is slow to optimise one inside a generator. */
class CopyEncoder<Column extends string> {
  readonly rows = new CopyBuffer();
  readonly #columns: readonly Column[];
  readonly #see: (record: CopyRecord<Column>, ordinal: number) => void;
  #ordinal = 0;

  constructor(columns: readonly Column[], see: (record: CopyRecord<Column>, ordinal: number) => void) {
    this.#columns = columns;
    this.#see = see;
  }

  /** Encodes records from a place on until the buffer is full. @returns the place of the first one not encoded */
  encode(batch: readonly CopyRecord<Column>[], from: number): number {
    for (let at = from; at < batch.length; at += 1) {
      const record = batch[at];
      if (record === undefined || this.rows.isFull) return at;
      this.#ordinal += 1;
      this.#see(record, this.#ordinal);
      this.rows.beginRow();
      for (const column of this.#columns) this.#add(record[column], column);
      this.rows.endRow();
    }
    return batch.length;
  }

  #add(value: unknown, column: string): void {
    if (value === null) {
      this.rows.addNull();
      return;
    }
    const text = typeof value === "string" ? value : encodeValue(value, this.#ordinal, column);
    if (this.rows.addAscii(text)) return;
    if (CANNOT_STORE.test(text)) checkText(text, this.#ordinal, column);
    this.rows.addString(text);
  }
}

/**
 * A value as PostgreSQL reads it; null for NULL.
 *
 * @throws DatabaseError for a value that PostgreSQL's text cannot hold: U+0000, half a surrogate pair, undefined
 */
export function encodeText(value: unknown, ordinal: number, column: string): string | null {
  if (value === null) return null;
  const text = typeof value === "string" ? value : encodeValue(value, ordinal, column);
  if (CANNOT_STORE.test(text)) checkText(text, ordinal, column);
  return text;
}

/** The text of a value that is neither null nor text. */
function encodeValue(value: unknown, ordinal: number, column: string): string {
  switch (typeof value) {
    case "boolean":
      return value ? "t" : "f";
    case "object":
      if (value instanceof Date) return encodeDate(value, ordinal, column);
      if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
      return JSON.stringify(value);
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

function checkText(text: string, ordinal: number, column: string): void {
  if (text.includes("\0")) {
    throw refuse("a text holds a NUL character", "U+0000", "text that PostgreSQL can store", ordinal, column);
  }
  if (LONE_SURROGATE.test(text)) {
    throw refuse("a text holds half a surrogate pair", "a lone surrogate", "well-formed Unicode", ordinal, column);
  }
}

function refuse(headline: string, got: string, expected: string, ordinal: number, column: string): DatabaseError {
  return new DatabaseError(headline, {
    got,
    expected,
    where: { source: `record ${ordinal} of the load`, column },
    fix: "Reject such rows before the load.",
  });
}
