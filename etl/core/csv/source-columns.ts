import { areSensitive, type Column, headersOf } from "../contract/column";
import type { CsvContract } from "../contract/contract";
import { describeColumn } from "../contract/describe";
import { compileField, type Field } from "../contract/fields/field";
import { type FieldCheck, REWRITTEN_BYTES } from "../contract/fields/field-check";
import { REJECTED_ROW } from "../contract/schema/names";
import { counted } from "../counted";
import { CsvError, type Place, quote } from "../errors";
import { adviseOnHeader } from "./advise-on-header";
import type { Row } from "./rows/row";

/** A contract's column, and its place in a source. */
export interface SourceColumn extends Field {
  readonly name: string;
  /** Its name in the source's header. */
  readonly header: string;
  readonly column: Column;
  /** The index of its field in a row. */
  readonly at: number;
  /**
   * Whether reasons must not quote its field: a column of the contract is sensitive, and a broken row may have its
   * value in any place.
   */
  readonly isHidden: boolean;
}

/** The text for a sensitive value in reasons. */
export const HIDDEN = "a value that is not shown";

/** Checks that replace a contract's own, by column. */
export type Checks = Readonly<Record<string, FieldCheck>>;

export interface HeaderReading {
  readonly checks?: Checks;
  /** As in a reading. */
  readonly isContractFixed?: boolean;
}

/** The places of a contract's columns in one source, and the checks of their fields. */
export class SourceColumns<Contract extends CsvContract = CsvContract> {
  /** Each column's field. */
  readonly places: Readonly<Record<keyof Contract["columns"] & string, number>>;
  readonly all: readonly SourceColumn[];
  /** Number of fields of a row. */
  readonly width: number;
  /** Undefined for a source without one. */
  readonly header?: readonly string[];
  /** Columns without a value so far: mostly none, so that the check costs nothing. */
  #unfilled: readonly SourceColumn[];
  /** Buffer for a field whose format is rewritten. */
  #rewritten = Buffer.alloc(REWRITTEN_BYTES);

  private constructor(width: number, all: readonly SourceColumn[], header?: readonly string[]) {
    this.width = width;
    this.all = all;
    this.places = Object.fromEntries(all.map(({ name, at }) => [name, at])) as typeof this.places;
    this.#unfilled = all;
    if (header !== undefined) this.header = header;
  }

  /** For sources without a header: the fields are the contract's columns, in its order. */
  static byPosition<Contract extends CsvContract>(contract: Contract, checks: Checks = {}): SourceColumns<Contract> {
    const isHidden = areSensitive(contract.columns);
    const all = Object.entries(contract.columns).map(([name, column], at) => {
      return compile({ name, column, at, header: headersOf(name, column)[0] ?? name, isHidden }, checks);
    });
    return new SourceColumns<Contract>(all.length, all);
  }

  /**
   * @throws CsvError if a column is missing, appears twice, or is one that the contract does not have and forbids, or if it is a file of
   * rejected rows
   */
  static byHeader<Contract extends CsvContract>(
    contract: Contract,
    header: readonly string[],
    where: Place,
    { checks = {}, isContractFixed = false }: HeaderReading = {},
  ): SourceColumns<Contract> {
    const names = header.map((name) => name.trim());
    const isHidden = areSensitive(contract.columns);
    const got = isHidden ? describeHidden(names, contract) : quoteHeader(names, contract);
    const fault = (headline: string, fix: string, expected?: string) =>
      new CsvError(headline, { got, expected, where, fix });
    refuseRejectedRows(names, where);
    const all = Object.entries(contract.columns).map(([name, column]) => {
      const wanted = headersOf(name, column);
      const [at, ...more] = names.flatMap((known, index) => (wanted.includes(known) ? [index] : []));
      const named = wanted.join(" or ");
      if (at === undefined) {
        const fix = adviseOnHeader(names, contract, isContractFixed) ?? adviseToRename(isContractFixed);
        throw fault(`The header has no column ${named}`, fix, `a column named ${named}`);
      }
      if (more.length > 0) throw fault(`The header has the column ${named} twice`, "Remove one of the two");
      return compile({ name, column, at, header: names[at] ?? name, isHidden }, checks);
    });
    const columns = new SourceColumns<Contract>(names.length, all, names);
    if (contract.unknownColumns === "fail" && columns.unknown.length > 0)
      throw unknownColumns(columns.unknown, got, where);
    return columns;
  }

  /** Columns of the header that the contract does not have. */
  get unknown(): readonly string[] {
    const known = new Set(this.all.map(({ at }) => at));
    return (this.header ?? []).filter((_, at) => !known.has(at));
  }

  /** Columns, by their names in the header, without a value in any row passed to {@link noticeValues}. */
  get empty(): readonly string[] {
    return this.#unfilled.map(({ header }) => header);
  }

  noticeValues(row: Row): void {
    if (this.#unfilled.length > 0) this.#unfilled = this.#unfilled.filter((column) => isEmpty(column, row));
  }

  /** Whether a row is a header, though the contract has `header: false`. */
  isHeader(row: Row): boolean {
    const names = row.texts;
    const isName = ({ name, column, at }: SourceColumn) => headersOf(name, column).includes(names[at]?.trim() ?? "");
    return names.length === this.all.length && this.all.every(isName);
  }

  /** Why a row's width is wrong. */
  explainWidth(row: Row): string | undefined {
    if (row.length === this.width) return undefined;
    return `got ${counted(row.length, "field")}, expected ${this.width}${this.header === undefined ? "" : " as in the header"}`;
  }

  /** Why a row of the right width breaks the contract; undefined if it is valid. */
  explain(row: Row): string | undefined {
    for (const column of this.all) {
      if (!this.#takes(column, row)) return this.#explainAll(row);
    }
    return undefined;
  }

  #explainAll(row: Row): string {
    const broken = this.all.filter((column) => !this.#takes(column, row));
    return broken.map((column) => explainField(column, row)).join("; ");
  }

  /**
   * Rewrites a field in PostgreSQL's format. @returns its number of bytes in {@link rewritten}, or -1 if it is no value
   */
  rewrite({ rewrite, check }: SourceColumn, bytes: Uint8Array, start: number, end: number): number {
    if (this.#rewritten.length < end - start + REWRITTEN_BYTES) {
      this.#rewritten = Buffer.alloc((end - start) * 2 + REWRITTEN_BYTES);
    }
    const length = rewrite?.(bytes, start, end, this.#rewritten) ?? -1;
    return length !== -1 && check(this.#rewritten, 0, length) ? length : -1;
  }

  get rewritten(): Buffer {
    return this.#rewritten;
  }

  #takes(column: SourceColumn, { bytes, starts, ends }: Row): boolean {
    const [start = 0, end = 0] = [starts[column.at], ends[column.at]];
    if (isNull(column, bytes, start, end)) return true;
    if (column.rewrite !== undefined) return this.rewrite(column, bytes, start, end) !== -1;
    return column.check(bytes, start, end);
  }
}

function adviseToRename(isContractFixed: boolean): string {
  return `Rename the column in the source${isContractFixed ? "" : " or in the contract"}`;
}

function compile(place: Omit<SourceColumn, keyof Field>, checks: Checks): SourceColumn {
  const field = compileField(place.column);
  return { ...place, ...field, check: checks[place.name] ?? field.check };
}

export function isNull({ isNullable, isNullText }: Field, bytes: Uint8Array, start: number, end: number): boolean {
  return (start === end && isNullable) || isNullText?.(bytes, start, end) === true;
}

/** Why a field of a row is not valid in its column. */
export function explainField({ column, header, at, isHidden }: SourceColumn, row: Row, expected?: string): string {
  const value = row.text(at);
  const got = isHidden ? HIDDEN : quoteField(value);
  return `${header}: got ${got}, expected ${expected ?? describeColumn(isBeyond(column, value) ? { ...column, nullable: false } : column)}`;
}

/** Whether it is a whole number beyond its limits: then "or nothing" would not help. */
function isBeyond(column: Column, value: string): boolean {
  return "max" in column && (column.type === "integer" || column.type === "bigint") && /^\d+$/.test(value);
}

/** A field, quoted for a reason. */
export function quoteField(value: string): string {
  return value === "" ? "nothing" : quote(value);
}

function isEmpty(column: SourceColumn, row: Row): boolean {
  const [start = 0, end = 0] = [row.starts[column.at], row.ends[column.at]];
  return start === end || isNull(column, row.bytes, start, end) || row.text(column.at).trim() === "";
}

/** A header of a contract with sensitive columns. The first row of a source without a header is one of its rows. */
function describeHidden(names: readonly string[], { columns }: CsvContract): string {
  const wanted = new Set(Object.entries(columns).flatMap(([name, column]) => headersOf(name, column)));
  const known = names.filter((name) => wanted.has(name)).length;
  return `${counted(names.length, "field")}, of which ${known} ${known === 1 ? "is a name" : "are names"} of the contract's columns; none is shown, as the contract has sensitive columns`;
}

/**
 * Loaded as a source, its rows would be of another time, apostrophes would stay, and the rows would stay open.
 *
 * @throws CsvError if a first row is the header of a file of rejected rows
 */
export function refuseRejectedRows(names: readonly string[], where: Place): void {
  if (!names.some((name) => name.trim().toLowerCase() === REJECTED_ROW)) return;
  throw new CsvError("This is a file of rejected rows, not a source", {
    got: `the column ${REJECTED_ROW}`,
    where,
    fix: "Load its rows as corrections of rejected rows, and remove the file here",
  });
}

function unknownColumns(unknown: readonly string[], header: string, where: Place): CsvError {
  if (unknown.every((name) => name === "")) {
    return new CsvError("The header has a column without a name", {
      got: header,
      where,
      fix: "A delimiter at its end makes one: remove it, or set unknownColumns: ignore or warn in the contract",
    });
  }
  return new CsvError("The header has columns that the contract does not have", {
    got: quoteHeader(unknown),
    where,
    fix: "Add them to the contract, or set unknownColumns: ignore or warn in it",
  });
}

/** A header, quoted for a message, with the delimiters of its source. */
function quoteHeader(names: readonly string[], { delimiter = "," }: Pick<CsvContract, "delimiter"> = {}): string {
  return quote(names.join(delimiter), 120);
}
