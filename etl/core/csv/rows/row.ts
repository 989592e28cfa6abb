import type { BrokenLineEnd, BrokenRow } from "./broken-row";

const TAB = 9;
const NEWLINE = 10;
const QUOTE = 34;
const CARRIAGE_RETURN = 13;
const DIGIT_ZERO = 48;
const MINUS = 45;
/** More fields than most rows have: allocated at the start. */
const FIELDS = 64;

/** The fields of one row, as places in bytes; one object for all rows, since each is processed before the next. */
export class Row {
  bytes: Buffer = Buffer.alloc(0);
  /** The number of fields. */
  length = 0;
  /** Whether no byte of it needs an escape in COPY's text format. */
  isPlain = true;
  /** The row's first byte in the source. */
  offset = 0;
  /** Its first line; 1 is the first of the stream. */
  line = 1;
  /** The number of its lines. */
  lines = 1;
  /** Why it is not CSV, if it is not. */
  broken: BrokenRow | undefined;
  starts = new Int32Array(FIELDS);
  ends = new Int32Array(FIELDS);
  readonly #delimiter: number;
  /** 1 for each byte that may end a field or needs an escape. */
  readonly #stops = new Uint8Array(256);
  #scratch = Buffer.alloc(4096);
  #from = 0;
  #raw: string | undefined;

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
    for (const stop of `\n\r"\\\t${delimiter}`) this.#stops[stop.charCodeAt(0)] = 1;
  }

  /**
   * Parses the line that begins at `from` and ends with a newline: its fields are the bytes between delimiters, or
   * between the two quotes of a field that has no others.
   *
   * @returns its newline, or -1 if its quotes need a parser
   */
  split(bytes: Buffer, from: number): number {
    this.bytes = bytes;
    this.length = 0;
    this.isPlain = true;
    this.lines = 1;
    this.broken = undefined;
    this.#raw = undefined;
    this.#from = from;
    const stops = this.#stops;
    const delimiter = this.#delimiter;
    let start = from;
    for (let at = from; ; at += 1) {
      const byte = bytes[at] ?? NEWLINE;
      if (stops[byte] === 0) continue;
      if (byte === delimiter) {
        this.#add(start, at);
        start = at + 1;
      } else if (byte === NEWLINE) {
        this.#add(start, at);
        return at;
      } else if (byte === CARRIAGE_RETURN && bytes[at + 1] === NEWLINE) {
        this.#add(start, at);
        return at + 1;
      } else if (byte === QUOTE) {
        if (at !== start) return -1;
        at = this.#skipQuoted(bytes, at);
        if (at === -1) return -1;
        this.#add(start + 1, at);
        // The delimiter or the newline after the quote was seen: continue after it.
        at += bytes[at + 1] === CARRIAGE_RETURN ? 2 : 1;
        if (bytes[at] === NEWLINE) return at;
        start = at + 1;
      } else {
        this.isPlain = false;
        if (byte === CARRIAGE_RETURN) this.broken ??= lineEndOf(bytes, from, at);
      }
    }
  }

  /**
   * The closing quote of the field whose opening one is at `from`; -1 if the field has more quotes, or ends its line.
   */
  #skipQuoted(bytes: Uint8Array, from: number): number {
    for (let at = from + 1; ; at += 1) {
      const byte = bytes[at] ?? NEWLINE;
      if (this.#stops[byte] === 0) continue;
      if (byte === this.#delimiter) {
        // Within quotes it is a part of the value, and COPY's text format has an escape for a tab.
        if (byte === TAB) this.isPlain = false;
        continue;
      }
      if (byte === NEWLINE) return -1;
      if (byte !== QUOTE) this.isPlain = false;
      else {
        const next = bytes[at + 1];
        const isEnd = next === this.#delimiter || next === NEWLINE;
        return isEnd || (next === CARRIAGE_RETURN && bytes[at + 2] === NEWLINE) ? at : -1;
      }
    }
  }

  /**
   * Takes over the fields of a parser.
   *
   * @param raw their row's text
   * @param broken why they are not CSV, if they are not
   */
  set(fields: readonly string[], raw: string, broken: BrokenRow | undefined): void {
    this.length = 0;
    this.isPlain = false;
    this.lines = raw.split("\n").length;
    this.broken = broken;
    this.#raw = raw;
    const size = fields.reduce((sum, field) => sum + field.length * 3, 0);
    if (this.#scratch.length < size) this.#scratch = Buffer.alloc(size);
    this.bytes = this.#scratch;
    let start = 0;
    for (const field of fields) {
      const end = start + this.#scratch.write(field, start);
      this.#add(start, end);
      start = end;
    }
  }

  /** The row's text in the source, without its line end. */
  get raw(): string {
    if (this.#raw !== undefined) return this.#raw;
    const { bytes } = this;
    return bytes.toString("utf8", this.#from, bytes.indexOf(NEWLINE, this.#from)).replace(/\r$/, "");
  }

  /** Whether the row is a blank line, or one of blanks. */
  get isBlank(): boolean {
    return this.length === 1 && this.text(0).trim() === "";
  }

  /** All fields as text. */
  get texts(): string[] {
    return Array.from({ length: this.length }, (_, at) => this.text(at));
  }

  /** A field as text. */
  text(at: number): string {
    return this.bytes.toString("utf8", this.starts[at], this.ends[at]);
  }

  /** A field of digits as a number; beyond 2^53 it is rounded. */
  number(at: number): number {
    return readWhole(this.bytes, this.starts[at] ?? 0, this.ends[at] ?? 0);
  }

  #add(start: number, end: number): void {
    if (this.length === this.starts.length) this.#makeRoom();
    this.starts[this.length] = start;
    this.ends[this.length] = end;
    this.length += 1;
  }

  #makeRoom(): void {
    const [starts, ends] = [this.starts, this.ends];
    this.starts = new Int32Array(starts.length * 2);
    this.ends = new Int32Array(ends.length * 2);
    this.starts.set(starts);
    this.ends.set(ends);
  }
}

/** The line end that a CR outside quotes belongs to, if it is not the field's own. */
function lineEndOf(bytes: Uint8Array, from: number, at: number): BrokenLineEnd | undefined {
  if (at === from) return "LF CR";
  return bytes[at + 1] === CARRIAGE_RETURN && bytes[at + 2] === NEWLINE ? "CR CR LF" : undefined;
}

/** Digits, perhaps with a sign, as a number; beyond 2^53 it is rounded. */
export function readWhole(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - DIGIT_ZERO;
    if (digit >= 0) value = value * 10 + digit;
  }
  return bytes[start] === MINUS ? -value : value;
}
