import { adviseOnHeader, quoteField, quoteHeader } from "../../core/csv/read-records";
import type { Row } from "../../core/csv/row";
import { CsvError } from "../../core/errors";
import type { CopyBuffer } from "../../core/load/copy-buffer";
import type { ImportColumn, ImportContract } from "./contract";
import { checkOf, describeType, type FieldCheck } from "./field-check";

interface EncodedColumn {
  readonly name: string;
  readonly header: string;
  readonly column: ImportColumn;
  readonly isNullable: boolean;
  readonly isText: boolean;
  readonly check: FieldCheck;
  /** Its field in a row. */
  readonly at: number;
}

/** What a value needs at most besides its bytes, and what a row needs besides its values. */
const VALUE_BYTES = 3;
const ROW_BYTES = 20;

/** Knows where the contract's columns stand in one object, and encodes its rows for COPY. */
export class RowEncoder {
  /** Fields of a row. */
  readonly width: number;
  /** Undefined for objects without one. */
  readonly header?: readonly string[];
  readonly #columns: readonly EncodedColumn[];
  /** Those without a value so far: mostly none, so that looking costs nothing. */
  #unfilled: readonly EncodedColumn[];

  private constructor(width: number, columns: readonly EncodedColumn[], header?: readonly string[]) {
    this.width = width;
    this.#columns = columns;
    this.#unfilled = columns;
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
      const wanted = column.header ?? name;
      const at = names.indexOf(wanted);
      if (at === -1 || names.includes(wanted, at + 1)) throw wrongHeader(wanted, names, source, at === -1);
      return compile(name, column, at);
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

  /**
   * Adds a row to those that are copied, with its offset as the last column.
   *
   * @returns false where the row breaks the contract
   */
  encode(row: Row, target: CopyBuffer): boolean {
    if (row.length !== this.width) return false;
    const { bytes, starts, ends } = row;
    target.beginRow(
      ((ends[row.length - 1] ?? 0) - (starts[0] ?? 0)) * 2 + this.#columns.length * VALUE_BYTES + ROW_BYTES,
    );
    for (const { at, check, isNullable, isText } of this.#columns) {
      const [start = 0, end = 0] = [starts[at], ends[at]];
      if (start === end && isNullable) target.addNull();
      else if (!check(bytes, start, end)) {
        target.undoRow();
        return false;
      } else if (isText && !row.isPlain) target.addText(bytes, start, end);
      else target.addPlain(bytes, start, end);
    }
    target.addWhole(row.offset);
    target.endRow();
    if (this.#unfilled.length > 0) this.#noticeValues(row);
    return true;
  }

  #noticeValues({ starts, ends }: Row): void {
    const isEmpty = ({ at }: EncodedColumn) => starts[at] === ends[at];
    if (!this.#unfilled.every(isEmpty)) this.#unfilled = this.#unfilled.filter(isEmpty);
  }

  /** Why a row was not encoded. */
  explain(row: Row): string {
    if (row.length !== this.width) return `got ${row.length} fields, expected ${this.width}`;
    return this.#columns
      .filter(({ at, check, isNullable }) => {
        const [start = 0, end = 0] = [row.starts[at], row.ends[at]];
        return !(start === end && isNullable) && !check(row.bytes, start, end);
      })
      .map(({ header, column, isNullable, at }) => {
        const expected = isNullable ? `${describeType(column)}, or nothing` : describeType(column);
        return `${header}: got ${quoteField(row.text(at))}, expected ${expected}`;
      })
      .join("; ");
  }
}

function compile(name: string, column: ImportColumn, at: number): EncodedColumn {
  const isText = column.type === "text";
  const isNullable = column.nullable === true;
  return { name, header: column.header ?? name, column, isNullable, isText, check: checkOf(column), at };
}

function wrongHeader(wanted: string, names: readonly string[], source: string, isMissing: boolean): CsvError {
  return new CsvError(`The header has ${isMissing ? "no column" : "twice the column"} ${wanted}`, {
    got: quoteHeader(names),
    expected: `one column named ${wanted}`,
    where: { source },
    fix: adviseOnHeader(names) ?? "Mend the object, or name the column as its header does in the contract",
  });
}
