import { isUtf8 } from "node:buffer";
import { CsvError, type Place } from "../../errors";
import { adviseOnEncoding, adviseOnText } from "../unpack/packing";

const NEWLINE = 10;
const BYTE_ORDER_MARK = Buffer.from("\uFEFF");
/** A file with a longer line is almost never CSV. */
const LONGEST_LINE = 1_048_576;

/** A byte of a source, and its line. */
export interface Position {
  readonly offset: number;
  readonly line: number;
}

export interface WindowOptions {
  /** The stream's beginning in its source. Default: 0. */
  readonly offset?: number;
  /** The source's name in messages. */
  readonly source: string;
  /** Its name in the pipeline; with it, messages name lines, else bytes. */
  readonly role?: string;
  /** Whether messages must not quote its text. Default: false. */
  readonly isSensitive?: boolean;
  /** Whether its contract is the program's own: messages must not advise to change it. Default: false. */
  readonly isContractFixed?: boolean;
}

/** A place, by what is known of its source. */
export function placeOf({ source, role }: WindowOptions, { line, offset }: Position): Place {
  return role === undefined ? { source, offset } : { source, role, line };
}

/** The part of a stream that is in memory: whole lines not taken yet, and the beginning of the next one. */
export class LineWindow {
  bytes = Buffer.alloc(131_072);
  /** The first byte not taken. */
  at = 0;
  /** The place after the last newline. */
  end = 0;
  #length = 0;
  /** The source's offset where `bytes` begins. */
  #offset: number;
  readonly #options: WindowOptions;

  constructor(options: WindowOptions) {
    this.#offset = options.offset ?? 0;
    this.#options = options;
  }

  /** The source's offset of a byte of the window. */
  offsetOf(at: number): number {
    return this.#offset + at;
  }

  /**
   * Adds the next piece.
   *
   * @param line the line at `at`
   * @throws CsvError if the text is not UTF-8, or a line is longer than 1 MiB
   */
  add(piece: Uint8Array, line: number): void {
    this.#makeRoom(piece.length);
    this.bytes.set(piece, this.#length);
    const newline = piece.lastIndexOf(NEWLINE);
    if (newline !== -1) this.#finishLines(this.#length + newline + 1, line);
    this.#length += piece.length;
    if (this.#length - this.end > LONGEST_LINE) throw this.#tooLong(line);
  }

  /** Ends the stream: a last line without a newline gets one. */
  close(line: number): void {
    if (this.#length > this.end) this.add(Uint8Array.of(NEWLINE), line);
  }

  #finishLines(end: number, line: number): void {
    const lines = this.bytes.subarray(this.end, end);
    if (!isUtf8(lines)) throw this.#notUtf8(lines, line);
    const isMarked = this.offsetOf(this.end) === 0 && lines.subarray(0, 3).equals(BYTE_ORDER_MARK);
    if (isMarked) this.at += BYTE_ORDER_MARK.length;
    this.end = end;
  }

  #makeRoom(more: number): void {
    if (this.#length + more <= this.bytes.length) return;
    const rest = this.#length - this.at;
    // Twice the kept size, so that moving it costs little even with small pieces.
    const target = (rest + more) * 2 > this.bytes.length ? Buffer.allocUnsafe((rest + more) * 4) : this.bytes;
    this.bytes.copy(target, 0, this.at, this.#length);
    this.bytes = target;
    this.#offset += this.at;
    this.end -= this.at;
    this.#length = rest;
    this.at = 0;
  }

  #notUtf8(lines: Buffer, line: number): CsvError {
    let start = 0;
    let before = countLines(this.bytes.subarray(this.at, this.end));
    for (let end = lines.indexOf(NEWLINE) + 1; isUtf8(lines.subarray(start, end)); before += 1) {
      start = end;
      end = lines.indexOf(NEWLINE, start) + 1;
    }
    return new CsvError("This is not UTF-8 text", {
      expected: "UTF-8",
      where: placeOf(this.#options, { offset: this.offsetOf(this.end + start), line: line + before }),
      fix: this.#options.isContractFixed === true ? adviseOnText(lines) : adviseOnEncoding(lines),
    });
  }

  #tooLong(line: number): CsvError {
    const before = countLines(this.bytes.subarray(this.at, this.end));
    return new CsvError("A line is longer than 1 MiB", {
      got:
        this.#options.isSensitive === true
          ? undefined
          : JSON.stringify(`${this.bytes.toString("utf8", this.end, this.end + 40)}…`),
      where: placeOf(this.#options, { offset: this.offsetOf(this.end), line: line + before }),
      fix: "Is this file a CSV?",
    });
  }
}

/** The number of newlines. */
export function countLines(bytes: Uint8Array): number {
  let found = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) found += 1;
  return found;
}
