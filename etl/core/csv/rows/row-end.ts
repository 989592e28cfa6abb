const NEWLINE = 10;
const QUOTE = 34;

/**
 * Finds the ends of rows whose quotes are more than a pair around a field, like Papa Parse: a quote opens a field only
 * at its beginning, and closes it if, blanks aside, a delimiter or a line end follows. Each quote is read only once,
 * however many rows are open: a quote that did not close one row does not close the next.
 */
export class RowEnds {
  readonly #delimiter: number;
  /** Between these bytes of the source no quoted field is closed. */
  #openFrom = 0;
  #openTo = 0;

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  /**
   * @param lines whole lines
   * @param from the row's beginning
   * @param offset the source's offset of `lines`
   * @returns the newline that ends the row; -1 if a quoted field of it is not closed in these lines
   */
  find(lines: Buffer, from: number, offset: number): number {
    for (let at = from; ; at += 1) {
      if (lines[at] === QUOTE) at = this.#skipQuoted(lines, at, offset);
      else while (lines[at] !== this.#delimiter && lines[at] !== NEWLINE) at += 1;
      if (at === -1 || lines[at] === NEWLINE) return at;
    }
  }

  /** The delimiter or newline after the field whose opening quote is at `from`. */
  #skipQuoted(lines: Buffer, from: number, offset: number): number {
    let run = from + 1;
    while (run !== -1) {
      let end = run;
      while (lines[end] === QUOTE) end += 1;
      // Two quotes mean one.
      if ((end - run) % 2 === 1) {
        const next = this.#skipBlanks(lines, end);
        if (lines[next] === this.#delimiter || lines[next] === NEWLINE) return next;
      }
      const isKnown = offset + from >= this.#openFrom && offset + end <= this.#openTo;
      run = lines.indexOf(QUOTE, isKnown ? this.#openTo - offset : end);
    }
    if (offset + from < this.#openFrom || offset + from > this.#openTo) this.#openFrom = offset + from;
    this.#openTo = offset + lines.length;
    return -1;
  }

  #skipBlanks(lines: Buffer, from: number): number {
    let at = from;
    for (;;) {
      const length = lines[at] === this.#delimiter ? 0 : blankLength(lines, at);
      if (length === 0) return at;
      at += length;
    }
  }
}

/** The length in bytes of a blank here that `trim` removes and that is no newline; 0 if there is none. */
function blankLength(bytes: Buffer, at: number): number {
  const byte = bytes[at] ?? NEWLINE;
  if (byte < 0x80) return byte !== NEWLINE && (byte === 32 || (byte >= 9 && byte <= 13)) ? 1 : 0;
  const length = byte < 0xe0 ? 2 : 3;
  return bytes.toString("utf8", at, at + length).trim() === "" ? length : 0;
}
