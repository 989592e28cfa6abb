import Papa from "papaparse";
import { CsvError, quote } from "../../errors";
import type { Bytes } from "../../ports";
import type { BrokenRow } from "./broken-row";
import { LineWindow, placeOf, type WindowOptions } from "./line-window";
import { Row } from "./row";
import { RowEnds } from "./row-end";

const NEWLINE = 10;
const QUOTE = 34;
/** How far to search for the end of a quoted field. */
const LOOK_AHEAD = 1_048_576;
/** The line by which Excel knows the delimiter, at the beginning of a source. */
const SEP = /^"?sep=.?"?$/i;

/**
 * The meaning of a line break in a quoted field: a part of its value (`keep`), the end of a broken row, so that each
 * line is a row (`reject`), or an error (`fail`). If other parts of the source are read elsewhere, it must be an error,
 * since the middle of a quoted field would pass for rows there.
 */
export type LineBreaks = "keep" | "reject" | "fail";

export interface RowsReading extends WindowOptions {
  /** Unpacked; in UTF-8. */
  readonly bytes: Bytes;
  /** Default: `keep`. */
  readonly lineBreaks?: LineBreaks;
  /** One ASCII character. Default: a comma. */
  readonly delimiter?: string;
}

/**
 * Reads CSV (RFC 4180, with LF or CRLF, with or without a byte order mark) as a stream, in bytes: memory does not grow with the
 * source. Papa Parse parses the rows whose quotes are more than a pair around a field. If line breaks are kept, a
 * quoted field that is not closed within 1 MiB makes its line a broken row, and the next line is read as the next row.
 * Excel's first line, `sep=;`, is left out.
 *
 * @param take called with each row, including the header and blank lines. It is the same object each time
 * @returns after each piece of the stream, the byte that is reached
 * @throws CsvError if the text is not UTF-8, a line is longer than 1 MiB, or quotes span lines and must fail
 */
export async function* readRows(reading: RowsReading, take: (row: Row) => void): AsyncGenerator<number> {
  const loop = new RowLoop(reading, take);
  const window = new LineWindow(reading);
  for await (const piece of reading.bytes) {
    window.add(piece, loop.line);
    loop.takeRows(window, false);
    yield window.offsetOf(window.at);
  }
  window.close(loop.line);
  loop.takeRows(window, true);
  yield window.offsetOf(window.at);
}

/** The loop is a function of its own: V8 is slow to optimise one inside a generator. */
class RowLoop {
  line = 1;
  readonly #reading: RowsReading;
  readonly #take: (row: Row) => void;
  readonly #keepsLineBreaks: boolean;
  readonly #row: Row;
  readonly #ends: RowEnds;
  readonly #parser: Papa.Parser;

  constructor(reading: RowsReading, take: (row: Row) => void) {
    const { delimiter = ",", lineBreaks = "keep" } = reading;
    this.#reading = reading;
    this.#take = take;
    this.#keepsLineBreaks = lineBreaks === "keep";
    this.#row = new Row(delimiter);
    this.#ends = new RowEnds(delimiter.charCodeAt(0));
    this.#parser = new Papa.Parser({ delimiter, newline: "\n" });
  }

  /** Takes the complete rows. @param isLast nothing follows these lines */
  takeRows(window: LineWindow, isLast: boolean): void {
    const { bytes, end } = window;
    const row = this.#row;
    while (window.at < end) {
      row.offset = window.offsetOf(window.at);
      row.line = this.line;
      let newline = row.split(bytes, window.at);
      if (newline === -1) newline = this.#keepsLineBreaks ? this.#parse(window, isLast) : this.#parseLine(window);
      if (newline === -1) return;
      if (this.line > 1 || !this.#isSep(row)) this.#take(row);
      this.line += row.lines;
      window.at = newline + 1;
    }
  }

  #isSep(row: Row): boolean {
    return (this.#reading.offset ?? 0) === 0 && SEP.test(row.raw);
  }

  /** @returns the row's newline; -1 if it has not come yet */
  #parse(window: LineWindow, isLast: boolean): number {
    const { at, end } = window;
    const lines = window.bytes.subarray(0, end);
    const newline = this.#ends.find(lines, at, window.offsetOf(0));
    if (newline !== -1) {
      this.#parseText(textOf(lines, at, newline));
      return newline;
    }
    if (!isLast && end - at < LOOK_AHEAD) return -1;
    const lineEnd = lines.indexOf(NEWLINE, at);
    const text = textOf(lines, at, lineEnd);
    this.#row.set([text], text, "never closed");
    return lineEnd;
  }

  #parseLine({ bytes, at }: LineWindow): number {
    const newline = bytes.indexOf(NEWLINE, at);
    const text = textOf(bytes, at, newline);
    const mustPair = this.#reading.lineBreaks === "fail";
    if (mustPair && hasOddQuotes(text)) throw this.#openQuote(text);
    if (this.#parseText(text)) return newline;
    if (mustPair) throw this.#openQuote(text);
    this.#row.set([text], text, "not closed in its line");
    return newline;
  }

  /** @returns false if a quoted field is not closed */
  #parseText(text: string): boolean {
    // With its line end: blanks after a last quote belong to a whole row, not to the rest of one.
    const { data, errors } = this.#parser.parse(`${text}\n`, 0, true);
    const fields = data[0] ?? [];
    this.#row.set(fields, text, errors.length > 0 ? "followed by text" : lineEndOf(text, fields));
    return data.length > 0;
  }

  #openQuote(line: string): CsvError {
    return new CsvError("A quoted field seems to hold a line break", {
      got: this.#reading.isSensitive === true ? undefined : quote(line),
      expected: "quotes that pair in each line, as the contract promises",
      where: placeOf(this.#reading, this.#row),
      fix: 'Set quotedLineBreaks in the contract, or write a quote inside a field as ""',
    });
  }
}

/** The line end of which a CR would be a part of a value; after a closing quote it is not. */
function lineEndOf(text: string, fields: readonly string[]): BrokenRow | undefined {
  if (text.startsWith("\r")) return "LF CR";
  return text.endsWith("\r") && fields.at(-1)?.endsWith("\r") === true ? "CR CR LF" : undefined;
}

/** Without its line end. */
function textOf(bytes: Buffer, from: number, newline: number): string {
  return bytes.toString("utf8", from, newline).replace(/\r$/, "");
}

function hasOddQuotes(line: string): boolean {
  let isOdd = false;
  for (let at = 0; at < line.length; at += 1) if (line.charCodeAt(at) === QUOTE) isOdd = !isOdd;
  return isOdd;
}
