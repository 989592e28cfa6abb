import { isLineEnd } from "../../../../../etl/core/csv/rows/broken-row";
import type { Row } from "../../../../../etl/core/csv/rows/row";
import { CsvError } from "../../../../../etl/core/errors";
import type { Bytes } from "../../../../../etl/core/ports";
import { ColumnProfile } from "../column-profile";
import type { Dialect } from "../dialect/guess-dialect";
import { RowHashes } from "../keys/hash";
import { type KeyCandidate, KeyFinder } from "../keys/key-finder";
import { type BrokenLine, explainRow, hasRows, refuseEscapes } from "./explain-row";
import { RepeatedHeader } from "./repeated-header";

/** The profile of all rows of a file. */
export interface RowsProfile {
  /** The names of its columns; undefined if it begins with a row. */
  readonly header: readonly string[] | undefined;
  /** The number of fields of the first row, header or not. */
  readonly width: number;
  readonly columns: readonly ColumnProfile[];
  readonly keys: readonly KeyCandidate[];
  /** Rows as wide as the first. */
  readonly rows: number;
  /** Lines that are no rows: of another width, with a broken quote or with U+0000. */
  readonly broken: number;
  /** The first of them. */
  readonly firstBroken: BrokenLine | undefined;
  readonly hasBrokenQuotes: boolean;
  /** The first line of a row that seems to have others in its quotes. */
  readonly swallowing: number | undefined;
  /** Whether a value, or a name in the header, has a line break. */
  readonly hasLineBreaks: boolean;
}

/** Profiles rows while they are read. */
export class ProfiledRows {
  readonly #dialect: Dialect;
  readonly #source: string;
  #header: readonly string[] | undefined;
  #columns: readonly ColumnProfile[] = [];
  /** Undefined before the first row. */
  #keys: KeyFinder | undefined;
  #hashes = new RowHashes(0);
  #rows = 0;
  #broken = 0;
  #firstBroken: BrokenLine | undefined;
  #swallowing: number | undefined;
  #repeated: RepeatedHeader | undefined;
  #hasBrokenQuotes = false;
  #hasLineBreaks = false;
  /** Whether U+0000, which PostgreSQL cannot store, has appeared so far. */
  #hasNul = false;

  constructor(dialect: Dialect, source: string) {
    this.#dialect = dialect;
    this.#source = source;
  }

  async *watch(bytes: Bytes): Bytes {
    for await (const piece of bytes) {
      this.#hasNul ||= piece.includes(0);
      yield piece;
    }
  }

  /** @throws CsvError if a quote of the first row is broken, or a row shows that the file has another format, or is several */
  readonly take = (row: Row): void => {
    if (row.isBlank) return;
    if (this.#keys !== undefined) this.#takeRow(row, this.#keys);
    else {
      const keys = this.#begin(row);
      if (!this.#dialect.hasHeader) this.#takeRow(row, keys);
    }
  };

  end(): RowsProfile {
    const [header, columns, rows, broken] = [this.#header, this.#columns, this.#rows, this.#broken];
    const [hasBrokenQuotes, hasLineBreaks] = [this.#hasBrokenQuotes, this.#hasLineBreaks];
    const keys = rows === 0 ? [] : (this.#keys?.end() ?? []);
    const [firstBroken, swallowing] = [this.#firstBroken, this.#swallowing];
    const counts = { width: columns.length, columns, keys, rows, broken };
    return { header, ...counts, firstBroken, swallowing, hasBrokenQuotes, hasLineBreaks };
  }

  #begin(row: Row): KeyFinder {
    if (row.broken !== undefined) {
      refuseEscapes(row, this.#dialect.delimiter, this.#source);
      const where = { source: this.#source, line: row.line };
      throw new CsvError("The first row has a broken quote", { where, fix: "Close the quote, or remove it" });
    }
    this.#repeated = new RepeatedHeader(this.#dialect.hasHeader ? row.texts : undefined, this.#source);
    if (this.#dialect.hasHeader) this.#header = row.texts.map((name) => name.trim());
    // A name of two lines needs it like a value of two lines.
    this.#hasLineBreaks = row.lines > 1;
    this.#columns = Array.from({ length: row.length }, () => new ColumnProfile());
    this.#hashes = new RowHashes(row.length);
    this.#keys = new KeyFinder(row.length, (at) => this.#columns[at]?.isUnlikelyKey === true);
    return this.#keys;
  }

  #takeRow(row: Row, keys: KeyFinder): void {
    const [columns, hashes] = [this.#columns, this.#hashes];
    this.#repeated?.refuse(row);
    const reason = explainRow(row, columns.length, this.#hasNul);
    if (reason !== undefined || row.lines > 1) refuseEscapes(row, this.#dialect.delimiter, this.#source);
    if (reason !== undefined) {
      this.#hasBrokenQuotes ||= row.broken !== undefined && !isLineEnd(row.broken);
      this.#broken += row.lines;
      this.#firstBroken ??= { line: row.line, reason };
      return;
    }
    this.#rows += 1;
    this.#hasLineBreaks ||= row.lines > 1;
    if (row.lines > 2 && hasRows(row, columns.length, this.#dialect.delimiter)) this.#swallowing ??= row.line;
    const { bytes, starts, ends, line } = row;
    for (let at = 0; at < columns.length; at += 1) {
      const [start = 0, end = 0] = [starts[at], ends[at]];
      hashes.set(at, bytes, start, end);
      columns[at]?.take(bytes, start, end, hashes.high[at] ?? 0, hashes.low[at] ?? 0, line);
    }
    keys.take(row, hashes);
  }
}
