import { areSensitive, headersOf } from "../contract/column";
import type { CsvContract } from "../contract/contract";
import { CsvError } from "../errors";
import { cutRaw, type RejectedRow } from "./rejected-row";
import { type BrokenLineEnd, CONVERT, explainBroken, isLineEnd } from "./rows/broken-row";
import { placeOf } from "./rows/line-window";
import { type RowsReading, readRows } from "./rows/read-rows";
import type { Row } from "./rows/row";
import { swallowedLines } from "./rows/swallowed-lines";
import { type Checks, quoteField, refuseRejectedRows, SourceColumns } from "./source-columns";
import { toUtf8 } from "./unpack/to-utf8";

/** The counts and findings of a source. */
export interface ReadTally {
  /** All but the header and blank lines; for a malformed row, each of its lines. */
  rows: number;
  /** The header's columns. */
  header?: readonly string[];
  /** The contract's columns, by their names in the header, without a value in any row in scope. */
  empty?: readonly string[];
  /** The header's columns that the contract does not have, if it asks for a warning. */
  unknown?: readonly string[];
}

/** The place of a source's header, if the part that is read does not begin with it. */
export interface Head<Contract extends CsvContract = CsvContract> {
  readonly columns: SourceColumns<Contract>;
  /** The header's first byte: -1 if there is none. */
  readonly offset: number;
}

/** A column's text in a row. */
export type TextOf<Contract extends CsvContract> = (column: keyof Contract["columns"] & string) => string;

export interface ContractReading<Contract extends CsvContract> extends Omit<RowsReading, "delimiter" | "isSensitive"> {
  readonly contract: Contract;
  /** Default: the first row that is not blank is the header, if the contract has one. */
  readonly head?: Head<Contract>;
  readonly tally: ReadTally;
  readonly onRejected: (row: RejectedRow) => void;
  /** Decides from its text whether a row is in scope; the others are neither accepted nor rejected. Default: all. */
  readonly isInScope?: (text: TextOf<Contract>) => boolean;
  /** Checks that replace the contract's own, by column: for rules that a contract cannot express. */
  readonly checks?: Checks;
}

/** Accepts a row of the right width, or returns the reason for rejecting it. */
export type TakeRow<Contract extends CsvContract> = (row: Row, columns: SourceColumns<Contract>) => string | undefined;

/**
 * Reads a source, or a part of one, by its contract: finds the header, leaves out blank lines and rows out of scope,
 * rejects malformed ones, and passes the others to `take`, which checks them one by one.
 *
 * @returns after each piece of the stream, the byte that is reached
 * @throws CsvError if the text is not CSV, or its header is not the contract's
 */
export async function* checkRows<Contract extends CsvContract>(
  reading: ContractReading<Contract>,
  take: TakeRow<Contract>,
): AsyncGenerator<number> {
  const { contract, tally } = reading;
  const checker = new RowChecker(reading, take);
  const { delimiter } = contract;
  const bytes = toUtf8(reading.bytes, contract.encoding ?? "utf-8", reading.source);
  yield* readRows({ ...reading, bytes, delimiter, isSensitive: checker.hidesText }, checker.take);
  const { columns } = checker;
  if (columns === undefined) return;
  if (columns.header !== undefined) tally.header = columns.header;
  tally.empty = checker.isAnyInScope ? columns.empty : [];
  if (contract.unknownColumns === "warn" && columns.unknown.length > 0) tally.unknown = columns.unknown;
}

/** @throws CsvError if a source has no header, though its contract has one */
export function requireHeader<Contract extends CsvContract>({
  contract,
  tally,
  source,
  role,
}: Pick<ContractReading<Contract>, "contract" | "tally" | "source" | "role">): void {
  if (contract.header === false || tally.header !== undefined) return;
  const wanted = Object.entries(contract.columns).map(([name, column]) => headersOf(name, column).join(" or "));
  throw new CsvError("This source is empty", {
    expected: `a header with ${wanted.join(", ")}`,
    where: { source, role },
    fix: "Check its source",
  });
}

const IS_HEADER = "it is a header, and the contract says header: false: set header: true";

class RowChecker<Contract extends CsvContract> {
  isAnyInScope = false;
  readonly hidesText: boolean;
  readonly #reading: ContractReading<Contract>;
  readonly #take: TakeRow<Contract>;

  #head: Head<Contract> | undefined;
  #row: Row | undefined;

  constructor(reading: ContractReading<Contract>, take: TakeRow<Contract>) {
    const { contract, head } = reading;
    this.#reading = reading;
    this.#take = take;
    this.hidesText = areSensitive(contract.columns);
    this.#head =
      contract.header === false ? { columns: SourceColumns.byPosition(contract, reading.checks), offset: -1 } : head;
  }

  get columns(): SourceColumns<Contract> | undefined {
    return this.#head?.columns;
  }

  readonly take = (row: Row): void => {
    if (row.isBlank) return;
    if (this.#head === undefined) this.#head = this.#readHeader(row);
    else if (row.offset > this.#head.offset) this.#check(row, this.#head.columns);
  };

  #readHeader(row: Row): Head<Contract> {
    const { contract } = this.#reading;
    if (isLineEnd(row.broken)) throw this.#refuseLineEnds(row, row.broken);
    if (row.broken !== undefined) {
      throw new CsvError("The header has a broken quote", {
        got: this.hidesText ? undefined : JSON.stringify(cutRaw(row.raw)),
        where: placeOf(this.#reading, row),
        fix: "Close the quote, or remove it",
      });
    }
    return {
      columns: SourceColumns.byHeader(contract, row.texts, placeOf(this.#reading, row), this.#reading),
      offset: row.offset,
    };
  }

  #refuseLineEnds(row: Row, lineEnd: BrokenLineEnd): CsvError {
    return new CsvError(`The lines of this file end in ${lineEnd}`, {
      expected: "LF or CRLF",
      where: placeOf(this.#reading, row),
      fix: CONVERT,
    });
  }

  #check(row: Row, columns: SourceColumns<Contract>): void {
    const { isInScope, tally } = this.#reading;
    tally.rows += 1;
    if (this.#mayBeHeader(columns)) refuseRejectedRows(row.texts, placeOf(this.#reading, row));
    const malformed = this.#explainBroken(row) ?? columns.explainWidth(row) ?? this.#explainFirst(row, columns);
    if (malformed !== undefined) {
      // Below a header all rows are so: to reject each would leave a source without rows, which may be valid.
      if (isLineEnd(row.broken) && this.#isFirst && columns.header !== undefined)
        throw this.#refuseLineEnds(row, row.broken);
      this.#reject(row, malformed);
      this.#rejectSwallowed(row);
      return;
    }
    if (isInScope !== undefined) {
      this.#row = row;
      if (!isInScope(this.#textOf)) return;
    }
    this.isAnyInScope = true;
    columns.noticeValues(row);
    const reason = this.#take(row, columns);
    if (reason !== undefined) this.#reject(row, reason);
  }

  #explainBroken(row: Row): string | undefined {
    return row.broken && explainBroken(row.broken, this.hidesText ? undefined : quoteField(row.raw));
  }

  /** If all columns are text, nothing else distinguishes a header from a row. */
  #explainFirst(row: Row, columns: SourceColumns<Contract>): string | undefined {
    return this.#mayBeHeader(columns) && columns.isHeader(row) ? IS_HEADER : undefined;
  }

  /** Whether the current row is the source's first. */
  get #isFirst(): boolean {
    const { tally, offset = 0 } = this.#reading;
    return offset === 0 && tally.rows === 1;
  }

  #mayBeHeader({ header }: SourceColumns<Contract>): boolean {
    return header === undefined && this.#isFirst;
  }

  /** Texts of the current row. */
  readonly #textOf: TextOf<Contract> = (column) => this.#row?.text(this.columns?.places[column] ?? -1) ?? "";

  #reject({ line, offset, raw }: { line: number; offset: number; raw: string }, reason: string): void {
    const { source, role, offset: from = 0, onRejected } = this.#reading;
    onRejected({
      source: role ?? source,
      ...(role !== undefined && source !== role && { location: source }),
      ...(role === undefined ? { offset } : {}),
      // In a part of a source that begins elsewhere, nobody knows the line.
      ...(from === 0 && { line }),
      reason,
      raw: this.hidesText ? "" : cutRaw(raw),
      ...(this.columns?.header !== undefined && { header: this.columns.header }),
    });
  }

  #rejectSwallowed(row: Row): void {
    const { role } = this.#reading;
    const where = role === undefined ? `byte ${row.offset}` : `line ${row.line}`;
    for (const swallowed of swallowedLines(row)) {
      this.#reading.tally.rows += 1;
      this.#reject(swallowed, `it is part of the broken row at ${where}`);
    }
  }
}
