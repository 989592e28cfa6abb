import { type Column, headersOf } from "../../core/contract/column";
import { describeColumn } from "../../core/contract/describe";
import { compileField, type Field } from "../../core/contract/field";
import { REWRITTEN_BYTES } from "../../core/contract/field-check";
import { adviseOnHeader, quoteField, quoteHeader } from "../../core/csv/read-records";
import type { Row } from "../../core/csv/row";
import { CsvError } from "../../core/errors";
import type { CopyBuffer } from "../../core/load/copy-buffer";
import type { ImportContract } from "./contract";

interface EncodedColumn extends Field {
  readonly name: string;
  readonly header: string;
  readonly column: Column;
  /** Whether it has nothing but a check. */
  readonly isPlain: boolean;
  /** Whether COPY may know bytes of it. */
  readonly isText: boolean;
  /** Its field in a row. */
  readonly at: number;
}

/** What a value needs at most besides its bytes, and what a row needs besides its values. */
const VALUE_BYTES = 3;
const ROW_BYTES = 20;
/** What reasons say of a value that is not for everybody. */
const HIDDEN = "a value that is not shown";

/** Knows where the contract's columns stand in one object, and encodes its rows for COPY. */
export class RowEncoder {
  /** Fields of a row. */
  readonly width: number;
  /** Undefined for objects without one. */
  readonly header?: readonly string[];
  readonly #columns: readonly EncodedColumn[];
  /** Bytes that a row takes at most besides twice its own. */
  readonly #spare: number;
  /** A field that is written otherwise than its source writes it. */
  #rewritten = new Uint8Array(REWRITTEN_BYTES);
  /** Those without a value so far: mostly none, so that looking costs nothing. */
  #unfilled: readonly EncodedColumn[];

  private constructor(width: number, columns: readonly EncodedColumn[], header?: readonly string[]) {
    this.width = width;
    this.#columns = columns;
    this.#unfilled = columns;
    this.#spare = columns.reduce((sum, { rewrite }) => sum + (rewrite ? REWRITTEN_BYTES : VALUE_BYTES), ROW_BYTES);
    if (header !== undefined) this.header = header;
  }

  /** For objects without a header: the fields are the contract's columns, in its order. */
  static byPosition({ columns }: ImportContract): RowEncoder {
    const encoded = Object.entries(columns).map(([name, column], at) => compile(name, column, at));
    return new RowEncoder(encoded.length, encoded);
  }

  /**
   * By a header; columns that the contract does not have are ignored.
   *
   * @param source what messages call the object
   * @throws CsvError where a column is missing, or there twice
   */
  static byHeader({ columns }: ImportContract, header: readonly string[], source: string): RowEncoder {
    const names = header.map((name) => name.trim());
    const encoded = Object.entries(columns).map(([name, column]) => {
      const wanted = headersOf(name, column);
      const places = names.flatMap((known, at) => (wanted.includes(known) ? [at] : []));
      const [at = -1] = places;
      if (places.length !== 1) throw wrongHeader(wanted, names, source, at === -1);
      return compile(name, column, at, names[at]);
    });
    return new RowEncoder(names.length, encoded, names);
  }

  /** Columns, as headers name them, that no encoded row has a value in. */
  get empty(): readonly string[] {
    return this.#unfilled.map(({ header }) => header);
  }

  /** The field that a column is read from. */
  positionOf(column: string): number {
    return this.#columns.find(({ name }) => name === column)?.at ?? -1;
  }

  /** Whether a whole number stands there as PostgreSQL reads it, without marks between its digits. */
  hasDigits(column: string): boolean {
    return this.#columns.find(({ name }) => name === column)?.rewrite === undefined;
  }

  /**
   * Adds a row to those that are copied, with its offset as the last column.
   *
   * @returns false where the row breaks the contract
   */
  encode(row: Row, target: CopyBuffer): boolean {
    if (row.length !== this.width) return false;
    const { bytes, starts, ends } = row;
    target.beginRow(((ends[row.length - 1] ?? 0) - (starts[0] ?? 0)) * 2 + this.#spare);
    for (const column of this.#columns) {
      const { at, check, isNullable, isPlain, isText } = column;
      const [start = 0, end = 0] = [starts[at], ends[at]];
      if (start === end && isNullable) target.addNull();
      else if (!isPlain) {
        if (!this.#encodeOdd(column, row, target, start, end)) return target.undoRow();
      } else if (!check(bytes, start, end)) return target.undoRow();
      else if (isText && !row.isPlain) target.addText(bytes, start, end);
      else target.addPlain(bytes, start, end);
    }
    target.addWhole(row.offset);
    target.endRow();
    if (this.#unfilled.length > 0) this.#noticeValues(row);
    return true;
  }

  /** A field that may be another text for NULL, or that is written otherwise than PostgreSQL reads it. */
  #encodeOdd(column: EncodedColumn, { bytes, isPlain }: Row, target: CopyBuffer, start: number, end: number): boolean {
    if (isNull(column, bytes, start, end)) target.addNull();
    else if (column.rewrite !== undefined) {
      const length = this.#rewrite(column, bytes, start, end);
      if (length === -1) return false;
      target.addPlain(this.#rewritten, 0, length);
    } else if (!column.check(bytes, start, end)) return false;
    else if (column.isText && !isPlain) target.addText(bytes, start, end);
    else target.addPlain(bytes, start, end);
    return true;
  }

  /** Writes the field as PostgreSQL reads it. @returns how many bytes that takes, or -1 where it is no value */
  #rewrite({ rewrite, check }: EncodedColumn, bytes: Uint8Array, start: number, end: number): number {
    if (this.#rewritten.length < end - start + REWRITTEN_BYTES) {
      this.#rewritten = new Uint8Array((end - start) * 2 + REWRITTEN_BYTES);
    }
    const length = rewrite?.(bytes, start, end, this.#rewritten) ?? -1;
    return length !== -1 && check(this.#rewritten, 0, length) ? length : -1;
  }

  #noticeValues({ bytes, starts, ends }: Row): void {
    const isEmpty = (column: EncodedColumn) => {
      const [start = 0, end = 0] = [starts[column.at], ends[column.at]];
      return start === end || isNull(column, bytes, start, end);
    };
    if (!this.#unfilled.every(isEmpty)) this.#unfilled = this.#unfilled.filter(isEmpty);
  }

  /** Why a row was not encoded. */
  explain(row: Row): string {
    if (row.length !== this.width) return `got ${row.length} fields, expected ${this.width}`;
    return this.#columns
      .filter((column) => !this.#takes(column, row))
      .map(({ header, column, at }) => {
        const got = column.sensitive === true ? HIDDEN : quoteField(row.text(at));
        return `${header}: got ${got}, expected ${describeColumn(column)}`;
      })
      .join("; ");
  }

  #takes(column: EncodedColumn, { bytes, starts, ends }: Row): boolean {
    const [start = 0, end = 0] = [starts[column.at], ends[column.at]];
    if (isNull(column, bytes, start, end)) return true;
    if (column.rewrite !== undefined) return this.#rewrite(column, bytes, start, end) !== -1;
    return column.check(bytes, start, end);
  }
}

function isNull({ isNullable, isNullText }: Field, bytes: Uint8Array, start: number, end: number): boolean {
  return (start === end && isNullable) || isNullText?.(bytes, start, end) === true;
}

function compile(name: string, column: Column, at: number, header = headersOf(name, column)[0] ?? name): EncodedColumn {
  const { isNullable, isNullText, rewrite, check } = compileField(column);
  const isPlain = isNullText === undefined && rewrite === undefined;
  const isText = column.type === "text" || column.type === "json";
  return { name, header, column, at, isPlain, isText, isNullable, isNullText, rewrite, check };
}

function wrongHeader(
  wanted: readonly string[],
  names: readonly string[],
  source: string,
  isMissing: boolean,
): CsvError {
  return new CsvError(`The header has ${isMissing ? "no column" : "twice the column"} ${wanted.join(" or ")}`, {
    got: quoteHeader(names),
    expected: `one column named ${wanted.join(" or ")}`,
    where: { source },
    fix: adviseOnHeader(names) ?? "Mend the object, or name the column as its header does in the contract",
  });
}
