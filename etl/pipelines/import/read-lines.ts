import Papa from "papaparse";
import { CsvError } from "../../core/errors";
import type { Bytes } from "../../core/ports";
import type { Row } from "./row";
import { splitLines } from "./split-lines";

const NEWLINE = 10;
const QUOTE = 34;

export interface LineReading {
  readonly bytes: Bytes;
  /** Where in its object the stream begins. */
  readonly offset: number;
  /** What messages call the object. */
  readonly source: string;
  /** Takes row after row. */
  readonly row: Row;
  readonly delimiter?: string;
  /** Called when the row is there. */
  readonly take: () => void;
}

/**
 * Reads CSV whose rows are lines: no quoted field holds a line break. Most lines are taken apart as
 * bytes; where a field has quotes of its own, Papa Parse reads the line. Gives the byte that is reached after each block.
 *
 * @throws CsvError where the text is not UTF-8, or quotes span lines
 */
export async function* readLines(reading: LineReading): AsyncGenerator<number> {
  const { bytes, offset, source, row, take, delimiter = "," } = reading;
  const parser = new Papa.Parser({ delimiter, newline: "\n" });
  for await (const block of splitLines(bytes, offset, source)) {
    for (let at = 0; at < block.bytes.length; ) {
      row.offset = block.offset + at;
      let newline = row.split(block.bytes, at);
      if (newline === -1) {
        newline = block.bytes.indexOf(NEWLINE, at);
        parseLine(parser, block.bytes.toString("utf8", at, newline).replace(/\r$/, ""), reading);
      }
      take();
      at = newline + 1;
    }
    yield block.offset + block.bytes.length;
  }
}

function parseLine(parser: Papa.Parser, line: string, { row, source }: LineReading): void {
  // With its line end: blanks behind a last quote are those of a row, and not of what is left of one.
  const { data, errors } = parser.parse(`${line}\n`, 0, false);
  if (errors.some(({ code }: Papa.ParseError) => code === "MissingQuotes") || hasOddQuotes(line)) {
    throw openQuote(line, source, row.offset);
  }
  row.set(data[0] ?? [], () => line, errors[0]?.message);
}

function hasOddQuotes(line: string): boolean {
  let isOdd = false;
  for (let at = 0; at < line.length; at += 1) if (line.charCodeAt(at) === QUOTE) isOdd = !isOdd;
  return isOdd;
}

function openQuote(line: string, source: string, offset: number): CsvError {
  return new CsvError("A quoted field seems to hold a line break", {
    got: JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line),
    expected: "quotes that pair in each line, as the contract promises",
    where: { source, offset },
    fix: 'Let the contract say quotedLineBreaks, or write a quote inside a field as ""',
  });
}
