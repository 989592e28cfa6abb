import type { Row } from "../../../../../etl/core/csv/rows/row";
import { CsvError } from "../../../../../etl/core/errors";

const BYTE_ORDER_MARK = Buffer.from("\uFEFF");

/** Notices where files were joined: at a line that repeats the header, or at the mark of the next file. */
export class RepeatedHeader {
  /** Undefined for a file without a header, or with one column, whose name may be one of its values. */
  readonly #names: readonly Buffer[] | undefined;
  readonly #source: string;

  constructor(header: readonly string[] | undefined, source: string) {
    if (header !== undefined && header.length > 1) this.#names = header.map((name) => Buffer.from(name));
    this.#source = source;
  }

  /** @throws CsvError if this row is a header again, or has a mark that only a file's beginning has */
  refuse(row: Row): void {
    const { bytes, starts, line } = row;
    const from = starts[0] ?? 0;
    const isMarked = bytes[from] === BYTE_ORDER_MARK[0] && bytes.indexOf(BYTE_ORDER_MARK, from) === from;
    const isHeader = this.#isHeader(row, isMarked ? from + BYTE_ORDER_MARK.length : from);
    if (!isMarked && !isHeader) return;
    const what = isHeader ? "repeats the header" : "begins with a byte order mark";
    throw new CsvError(`Line ${line} ${what}`, {
      expected: "one file, not several that were joined",
      where: { source: this.#source, line },
      fix: isHeader
        ? "Remove this line, and others like it"
        : "Remove the mark, and the header behind it if there is one",
    });
  }

  /** The last field is compared first: it differs in nearly all rows. */
  #isHeader({ bytes, starts, ends, length }: Row, from: number): boolean {
    if (this.#names === undefined || length !== this.#names.length) return false;
    for (let at = length - 1; at >= 0; at -= 1) {
      const name = this.#names[at] ?? BYTE_ORDER_MARK;
      const [start = 0, end = 0] = [at === 0 ? from : starts[at], ends[at]];
      if (end - start !== name.length || name.compare(bytes, start, end) !== 0) return false;
    }
    return true;
  }
}
