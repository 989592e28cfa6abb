import { TextDecoder } from "node:util";
import Papa from "papaparse";
import { CsvError } from "./errors";
import type { Bytes } from "./ports";

/** The longest row that is read, in UTF-16 code units: a longer one is nearly always a quote that nobody closed. */
const LONGEST_ROW = 1_048_576;

/** Some raw rows of a source, in its order. */
export interface RawBatch {
  /** The fields of each row; the header and blank lines are rows too. */
  readonly rows: readonly string[][];
  /** Rows whose quoting is broken, by their index in `rows`. */
  readonly broken: ReadonlyMap<number, string>;
  /** The line a row begins on; 1 is the first of the source. */
  line(index: number): number;
  /** The row's text as it stands in the source, without its line end. */
  raw(index: number): string;
}

/**
 * Reads CSV (RFC 4180, with LF or CRLF, with or without a byte order mark) as a stream: memory does not grow with the
 * source. Papa Parse does the parsing; this feeds it whole rows and keeps count of the lines.
 *
 * @param name what messages call the source
 * @throws CsvError where the text is not UTF-8, a quoted field is never closed or a row is longer than 1 MiB
 */
export async function* parseCsv(bytes: Bytes, name: string, delimiter = ","): AsyncGenerator<RawBatch> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let firstLine = 1;
  for await (const chunk of bytes) {
    text += decode(decoder, chunk, name, () => firstLine + count(text, "\n"));
    const { batch, consumed, lines } = parsePart(text, firstLine, delimiter, false);
    if (batch.rows.length > 0) yield batch;
    firstLine += lines;
    text = text.slice(consumed);
    if (text.length > LONGEST_ROW) throw tooLong(text, name, firstLine);
  }
  text += decode(decoder, undefined, name, () => firstLine + count(text, "\n"));
  if (text === "") return;
  const { batch, unclosed } = parsePart(text, firstLine, delimiter, true);
  if (unclosed !== undefined) throw neverClosed(name, batch.line(unclosed));
  yield batch;
}

interface Part {
  readonly batch: RawBatch;
  /** Code units of the text that the batch is made of. */
  readonly consumed: number;
  readonly lines: number;
  /** Index of the row whose quoted field is still open at the end of the source. */
  readonly unclosed?: number;
}

function parsePart(text: string, firstLine: number, delimiter: string, isLast: boolean): Part {
  const result: Papa.ParseResult<string[]> = new Papa.Parser({ delimiter, newline: "\n" }).parse(text, 0, !isLast);
  const rows = result.data;
  const quoted = text.includes('"');
  for (const row of rows) dropCarriageReturn(row);
  const errors = result.errors.filter((error) => error.row !== undefined && error.row < rows.length);
  const consumed = isLast ? text.length : result.meta.cursor;
  const lines = quoted ? count(text, "\n", consumed) : rows.length;
  return {
    batch: batchOf(rows, text, firstLine, quoted, new Map(errors.map(({ row, message }) => [row ?? 0, message]))),
    consumed,
    lines,
    unclosed: errors.find(({ code }) => code === "MissingQuotes")?.row,
  };
}

function batchOf(
  rows: string[][],
  text: string,
  firstLine: number,
  quoted: boolean,
  broken: ReadonlyMap<number, string>,
): RawBatch {
  let starts: readonly number[] | undefined;
  let lines: readonly string[] | undefined;
  const start = (index: number): number => {
    if (!quoted) return index;
    starts ??= lineStarts(rows);
    return starts[index] ?? 0;
  };
  return {
    rows,
    broken,
    line: (index) => firstLine + start(index),
    raw: (index) => {
      lines ??= text.split("\n");
      const from = start(index);
      return lines
        .slice(from, from + 1 + newlinesIn(rows[index]))
        .join("\n")
        .replace(/\r$/, "");
    },
  };
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

function dropCarriageReturn(row: string[]): void {
  const last = row[row.length - 1];
  if (last?.endsWith("\r")) row[row.length - 1] = last.slice(0, -1);
}

function decode(decoder: TextDecoder, chunk: Uint8Array | undefined, name: string, line: () => number): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (cause) {
    const lenient = new TextDecoder().decode(chunk);
    const before = lenient.slice(0, Math.max(lenient.indexOf("\uFFFD"), 0));
    throw new CsvError("This source is not UTF-8 text", {
      expected: "UTF-8",
      where: { source: name, line: line() + count(before, "\n") },
      fix: "Convert it, for example with iconv -f LATIN1 -t UTF-8",
      cause,
    });
  }
}

function tooLong(text: string, name: string, line: number): CsvError {
  return new CsvError("A row is longer than 1 MiB", {
    got: JSON.stringify(`${text.slice(0, 40)}…`),
    where: { source: name, line },
    fix: text.includes('"') ? "A quoted field that begins there is probably never closed" : "Is this file a CSV?",
  });
}

function neverClosed(name: string, line: number): CsvError {
  return new CsvError("A quoted field is never closed", {
    expected: 'a closing "',
    where: { source: name, line },
    fix: 'Close the quote, or write a quote inside a field as ""',
  });
}
