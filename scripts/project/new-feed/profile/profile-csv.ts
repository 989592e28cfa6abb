import type { Encoding } from "../../../../etl/core/contract/contract";
import { readRows } from "../../../../etl/core/csv/rows/read-rows";
import type { Row } from "../../../../etl/core/csv/rows/row";
import type { Packing } from "../../../../etl/core/csv/unpack/packing";
import { unpackByContent } from "../../../../etl/core/csv/unpack/unpack";
import { CsvError } from "../../../../etl/core/errors";
import type { Bytes } from "../../../../etl/core/ports";
import { ColumnProfile } from "./column-profile";
import { decodeText } from "./decode-text";
import { type Dialect, guessDialect } from "./guess-dialect";
import { RowHashes } from "./hash";
import { type KeyCandidate, KeyFinder } from "./key-finder";
import { peek } from "./peek";

/** So much of a file tells its delimiter and its header. */
const HEAD_BYTES = 2_097_152;

/** What a CSV file is like, all of it. */
export interface Profile extends Dialect {
  readonly packing: Packing;
  readonly encoding: Encoding;
  readonly columns: readonly ColumnProfile[];
  readonly keys: readonly KeyCandidate[];
  /** Rows that are as wide as the first. */
  readonly rows: number;
  /** Lines that are no rows: of another width, with a broken quote or with U+0000. */
  readonly broken: number;
  readonly hasBrokenQuotes: boolean;
  /** Whether a value has a line break. */
  readonly hasLineBreaks: boolean;
}

/**
 * Reads a CSV of which nothing is known, once, in memory that does not grow with it.
 *
 * @param source what messages call it
 * @throws CsvError where it is no CSV, or has no header and no row
 */
export async function profileCsv(bytes: Bytes, source: string): Promise<Profile> {
  let packing: Packing = "none";
  const unpacked = unpackByContent(bytes, source, (found) => {
    packing = found;
  });
  const text = await decodeText(unpacked, source);
  const { head, isWhole, bytes: all } = await peek(text.bytes, HEAD_BYTES);
  // A line that is longer than all of it is for the reader to refuse.
  const lines = isWhole ? head : head.subarray(0, head.lastIndexOf("\n") + 1 || head.length);
  if (
    lines
      .toString()
      .replace(/^\uFEFF/, "")
      .trim() === ""
  ) {
    throw new CsvError("This file is empty", { where: { source }, fix: "Name one that has a header, and rows" });
  }
  const dialect = guessDialect(lines.toString(), source);
  const reading = new ProfiledRows(dialect);
  for await (const _ of readRows({ bytes: reading.watch(all), delimiter: dialect.delimiter, source }, reading.take));
  return { ...dialect, packing, encoding: text.encoding, ...reading.end() };
}

class ProfiledRows {
  readonly #width: number;
  readonly #columns: readonly ColumnProfile[];
  readonly #keys: KeyFinder;
  readonly #hashes: RowHashes;
  #isBehindHeader: boolean;
  #rows = 0;
  #broken = 0;
  #hasBrokenQuotes = false;
  #hasLineBreaks = false;
  /** Whether U+0000, which PostgreSQL does not keep, stands anywhere up to now. */
  #hasNul = false;

  constructor({ width, header }: Dialect) {
    this.#width = width;
    this.#columns = Array.from({ length: width }, () => new ColumnProfile());
    this.#keys = new KeyFinder(width, (at) => this.#columns[at]?.isUnlikelyKey === true);
    this.#hashes = new RowHashes(width);
    this.#isBehindHeader = header === undefined;
  }

  async *watch(bytes: Bytes): Bytes {
    for await (const piece of bytes) {
      this.#hasNul ||= piece.includes(0);
      yield piece;
    }
  }

  readonly take = (row: Row): void => {
    if (row.isBlank) return;
    if (!this.#isBehindHeader) {
      this.#isBehindHeader = true;
      return;
    }
    if (row.broken !== undefined || row.length !== this.#width || (this.#hasNul && hasNul(row))) {
      this.#hasBrokenQuotes ||= row.broken !== undefined;
      this.#broken += row.lines;
      return;
    }
    this.#rows += 1;
    this.#hasLineBreaks ||= row.lines > 1;
    const [hashes, { bytes, starts, ends }] = [this.#hashes, row];
    for (let at = 0; at < this.#width; at += 1) {
      const [start = 0, end = 0] = [starts[at], ends[at]];
      hashes.set(at, bytes, start, end);
      this.#columns[at]?.take(bytes, start, end, hashes.high[at] ?? 0, hashes.low[at] ?? 0);
    }
    this.#keys.take(row, hashes);
  };

  end() {
    const [columns, rows, broken] = [this.#columns, this.#rows, this.#broken];
    const [hasBrokenQuotes, hasLineBreaks] = [this.#hasBrokenQuotes, this.#hasLineBreaks];
    return { columns, rows, broken, hasBrokenQuotes, hasLineBreaks, keys: rows === 0 ? [] : this.#keys.end() };
  }
}

function hasNul({ bytes, starts, ends, length }: Row): boolean {
  return bytes.subarray(starts[0], ends[length - 1]).includes(0);
}
