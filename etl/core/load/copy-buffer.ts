const TAB = 9;
const NEWLINE = 10;
const BACKSLASH = 92;
const [SPACE, TILDE] = [32, 126];
const [LETTER_N, LETTER_T, LETTER_R, CAPITAL_N] = [110, 116, 114, 78];
const DIGIT_ZERO = 48;
/** From about this length on, a copy of memory is quicker than a loop. */
const LONG = 48;
/** COPY is fastest when written in buffers of about this size; a write for each row is six times slower. */
const BUFFER_BYTES = 65_536;

/** The letter that stands for a byte behind a backslash in COPY's text format; 0 for a byte that stands for itself. */
const ESCAPES = new Uint8Array(256);
ESCAPES[TAB] = LETTER_T;
ESCAPES[NEWLINE] = LETTER_N;
ESCAPES[13] = LETTER_R;
ESCAPES[BACKSLASH] = BACKSLASH;

/** Rows in COPY's text format (PostgreSQL manual, COPY, "Text Format"), gathered into one buffer. */
export class CopyBuffer {
  #bytes = Buffer.allocUnsafe(BUFFER_BYTES * 2);
  #length = 0;
  #rowStart = 0;

  /** Whether it is time to {@link take} the rows. */
  get isFull(): boolean {
    return this.#length >= BUFFER_BYTES;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Begins a row with a maximum number of bytes. @default each value makes room for itself */
  beginRow(bytes = 0): void {
    this.#rowStart = this.#length;
    this.#reserve(bytes);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#length + bytes) * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  /** Removes the values added since {@link beginRow}. @returns false: there is no row */
  undoRow(): false {
    this.#length = this.#rowStart;
    return false;
  }

  /** Adds a value unchanged, and a tab. */
  addPlain(source: Uint8Array, from: number, to: number): void {
    const target = this.#bytes;
    let at = this.#length;
    if (to - from > LONG) {
      target.set(source.subarray(from, to), at);
      at += to - from;
    } else {
      for (let index = from; index < to; index += 1) {
        target[at] = source[index] ?? 0;
        at += 1;
      }
    }
    target[at] = TAB;
    this.#length = at + 1;
  }

  /** Adds a text with its escapes, and a tab. */
  addText(source: Uint8Array, from: number, to: number): void {
    const target = this.#bytes;
    let at = this.#length;
    for (let index = from; index < to; index += 1) {
      const byte = source[index] ?? 0;
      const letter = ESCAPES[byte] ?? 0;
      if (letter !== 0) {
        target[at] = BACKSLASH;
        at += 1;
      }
      target[at] = letter === 0 ? byte : letter;
      at += 1;
    }
    target[at] = TAB;
    this.#length = at + 1;
  }

  addNull(): void {
    this.#reserve(3);
    this.#bytes[this.#length] = BACKSLASH;
    this.#bytes[this.#length + 1] = CAPITAL_N;
    this.#bytes[this.#length + 2] = TAB;
    this.#length += 3;
  }

  /**
   * Adds a text of printable ASCII without a backslash, and a tab. Makes room for itself.
   *
   * @returns false for any other text; then nothing is added
   */
  addAscii(text: string): boolean {
    const { length } = text;
    this.#reserve(length + 1);
    const target = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code < SPACE || code > TILDE || code === BACKSLASH) return false;
      target[at] = code;
      at += 1;
    }
    target[at] = TAB;
    this.#length = at + 1;
    return true;
  }

  /** Like {@link addText}, and makes room for itself. */
  addString(text: string): void {
    const bytes = Buffer.from(text);
    this.#reserve(bytes.length * 2 + 1);
    this.addText(bytes, 0, bytes.length);
  }

  /** Adds a whole number that is not negative, and a tab. */
  addWhole(value: number): void {
    let digits = 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
    let rest = value;
    for (let at = this.#length + digits - 1; at >= this.#length; at -= 1) {
      this.#bytes[at] = DIGIT_ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    this.#bytes[this.#length + digits] = TAB;
    this.#length += digits + 1;
  }

  /** The tab behind the last value becomes the end of the row. */
  endRow(): void {
    this.#bytes[this.#length - 1] = NEWLINE;
  }

  /** Returns all rows, and starts again. */
  take(): Buffer {
    const rows = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafe(BUFFER_BYTES * 2);
    this.#length = 0;
    return rows;
  }
}
