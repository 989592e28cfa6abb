import { TextDecoder } from "node:util";
import Papa from "papaparse";
import { CsvError, type Place } from "../errors";
import type { Bytes } from "../ports";
import { adviseOnText } from "./packing";

/** The longest row that is read, in UTF-16 code units: a longer one is nearly always a quote that nobody closed. */
const LONGEST_ROW = 1_048_576;
const BYTE_ORDER_MARK = "\uFEFF";

/** Some raw rows of a source, in its order. */
export interface RawBatch {
  /** The fields of each row; the header and blank lines are rows too. */
  readonly rows: readonly string[][];
  /** Rows whose quoting is broken, by their index in `rows`. */
  readonly broken: ReadonlyMap<number, string>;
  /** The line a row begins on; 1 is the first of the source. */
  line(index: number): number;
  /** The byte of the source that a row begins at; 0 is the first. */
  offset(index: number): number;
  /** The row's text as it stands in the source, without its line end. */
  raw(index: number): string;
}

/**
 * Reads CSV (RFC 4180, with LF or CRLF, with or without a byte order mark) as a stream: memory does not grow with the
 * source. Papa Parse does the parsing; this feeds it whole rows and keeps count of the lines.
 *
 * @param place what messages call the source
 * @throws CsvError where the text is not UTF-8, a quoted field is never closed or a row is longer than 1 MiB
 */
export async function* parseCsv(bytes: Bytes, place: Place, delimiter = ","): AsyncGenerator<RawBatch> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  let firstLine = 1;
  let firstByte = 0;
  for await (const chunk of bytes) {
    text += decode(decoder, chunk, place, () => firstLine + count(text, "\n"));
    if (firstByte === 0 && text.startsWith(BYTE_ORDER_MARK)) {
      text = text.slice(1);
      firstByte = Buffer.byteLength(BYTE_ORDER_MARK);
    }
    const { batch, consumed, lines } = parsePart(text, { line: firstLine, byte: firstByte }, delimiter, false);
    if (batch.rows.length > 0) yield batch;
    firstLine += lines;
    firstByte += Buffer.byteLength(text.slice(0, consumed));
    text = text.slice(consumed);
    if (text.length > LONGEST_ROW) throw tooLong(text, place, firstLine);
  }
  text += decode(decoder, undefined, place, () => firstLine + count(text, "\n"));
  if (text === "") return;
  // Papa Parse takes blanks behind a closing quote only where a delimiter or a line end follows.
  if (!text.endsWith("\n")) text += "\n";
  const { batch, unclosed } = parsePart(text, { line: firstLine, byte: firstByte }, delimiter, true);
  if (unclosed !== undefined) throw neverClosed(place, batch.line(unclosed));
  yield batch;
}

/** Where a part of the text begins. */
interface Position {
  readonly line: number;
  readonly byte: number;
}

interface Part {
  readonly batch: RawBatch;
  /** Code units of the text that the batch is made of. */
  readonly consumed: number;
  readonly lines: number;
  /** Index of the row whose quoted field is still open at the end of the source. */
  readonly unclosed?: number;
}

function parsePart(text: string, first: Position, delimiter: string, isLast: boolean): Part {
  const result: Papa.ParseResult<string[]> = new Papa.Parser({ delimiter, newline: "\n" }).parse(text, 0, !isLast);
  const rows = result.data;
  const quoted = text.includes('"');
  const errors = result.errors.filter((error) => error.row !== undefined && error.row < rows.length);
  const batch = batchOf(rows, text, first, quoted, new Map(errors.map(({ row, message }) => [row ?? 0, message])));
  for (const [index, row] of rows.entries()) {
    const last = row[row.length - 1];
    if (last?.endsWith("\r") !== true) continue;
    const value = last.slice(0, -1);
    if (!quoted || isUnquoted(value, batch.raw(index), delimiter)) row[row.length - 1] = value;
  }
  const consumed = isLast ? text.length : result.meta.cursor;
  const lines = quoted ? count(text, "\n", consumed) : rows.length;
  return {
    batch,
    consumed,
    lines,
    unclosed: errors.find(({ code }) => code === "MissingQuotes")?.row,
  };
}

function batchOf(
  rows: string[][],
  text: string,
  first: Position,
  quoted: boolean,
  broken: ReadonlyMap<number, string>,
): RawBatch {
  let lines: readonly number[] | undefined;
  let starts: readonly number[] | undefined;
  let bytes: readonly number[] | undefined;
  const start = (index: number): number => {
    starts ??= rowStarts(rows, text, quoted);
    return starts[index] ?? text.length;
  };
  return {
    rows,
    broken,
    line: (index) => {
      if (!quoted) return first.line + index;
      lines ??= lineStarts(rows);
      return first.line + (lines[index] ?? 0);
    },
    offset: (index) => {
      starts ??= rowStarts(rows, text, quoted);
      bytes ??= byteStarts(starts, text);
      return first.byte + (bytes[index] ?? 0);
    },
    raw: (index) => text.slice(start(index), start(index + 1)).replace(/\r?\n$/, ""),
  };
}

/** The first code unit of each row, and the one behind the last row. */
function rowStarts(rows: readonly string[][], text: string, quoted: boolean): number[] {
  const starts = [0];
  let at = 0;
  for (const row of rows) {
    for (let lines = quoted ? 1 + newlinesIn(row) : 1; lines > 0; lines -= 1) {
      const end = text.indexOf("\n", at);
      at = end === -1 ? text.length : end + 1;
    }
    starts.push(at);
  }
  return starts;
}

/** The first byte of each row. */
function byteStarts(starts: readonly number[], text: string): number[] {
  let byte = 0;
  return starts.map((start, index) => {
    byte += Buffer.byteLength(text.slice(starts[index - 1] ?? 0, start));
    return byte;
  });
}

/** The first line of each row, counted from 0; a quoted field may hold line ends of its own. */
function lineStarts(rows: readonly string[][]): number[] {
  let line = 0;
  return rows.map((row) => {
    const start = line;
    line += 1 + newlinesIn(row);
    return start;
  });
}

function newlinesIn(row: readonly string[] = []): number {
  return row.reduce((sum, field) => sum + count(field, "\n"), 0);
}

function count(text: string, character: string, end = text.length): number {
  let found = 0;
  for (let at = text.indexOf(character); at !== -1 && at < end; at = text.indexOf(character, at + 1)) found += 1;
  return found;
}

/** Whether a last field stands in its row as it is. A carriage return at the end of a quoted one is its own, and no part of a line end. */
function isUnquoted(value: string, raw: string, delimiter: string): boolean {
  return raw === value || raw.endsWith(delimiter + value);
}

function decode(decoder: TextDecoder, chunk: Uint8Array | undefined, place: Place, line: () => number): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (cause) {
    const lenient = new TextDecoder().decode(chunk);
    const before = lenient.slice(0, Math.max(lenient.indexOf("\uFFFD"), 0));
    throw new CsvError("This source is not UTF-8 text", {
      expected: "UTF-8",
      where: { ...place, line: line() + count(before, "\n") },
      fix: adviseOnText(chunk),
      cause,
    });
  }
}

function tooLong(text: string, place: Place, line: number): CsvError {
  return new CsvError("A row is longer than 1 MiB", {
    got: JSON.stringify(`${text.slice(0, 40)}…`),
    where: { ...place, line },
    fix: text.includes('"') ? "A quoted field that begins there is probably never closed" : "Is this file a CSV?",
  });
}

function neverClosed(place: Place, line: number): CsvError {
  return new CsvError("A quoted field is never closed", {
    expected: 'a closing "',
    where: { ...place, line },
    fix: 'Close the quote, or write a quote inside a field as ""',
  });
}
