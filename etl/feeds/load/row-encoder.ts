import { REWRITTEN_BYTES } from "../../core/contract/fields/field-check";
import type { Row } from "../../core/csv/rows/row";
import { isNull, type SourceColumn, type SourceColumns } from "../../core/csv/source-columns";
import type { CopyBuffer } from "../../core/load/copy-buffer";

interface EncodedColumn extends SourceColumn {
  /** Whether it has only a check. */
  readonly isPlain: boolean;
  /** Whether bytes of it may have a meaning for COPY. */
  readonly isText: boolean;
}

/** The most bytes that a value needs besides its own, and that a row needs besides its values. */
const VALUE_BYTES = 3;
const ROW_BYTES = 20;

/** Encodes the rows of an object for COPY. */
export class RowEncoder {
  readonly #source: SourceColumns;
  readonly #columns: readonly EncodedColumn[];
  /** The most bytes of an encoded row besides twice its own. */
  readonly #spare: number;

  constructor(source: SourceColumns) {
    this.#source = source;
    this.#columns = source.all.map(encoded);
    this.#spare = source.all.reduce((sum, { rewrite }) => sum + (rewrite ? REWRITTEN_BYTES : VALUE_BYTES), ROW_BYTES);
  }

  /**
   * Adds a row of the right width to the copied ones, with its offset as the last column.
   *
   * @returns false if the row breaks the contract
   */
  encode(row: Row, target: CopyBuffer): boolean {
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
    return true;
  }

  /** A field that may be another text for NULL, or whose format differs from PostgreSQL's. */
  #encodeOdd(column: EncodedColumn, { bytes, isPlain }: Row, target: CopyBuffer, start: number, end: number): boolean {
    if (isNull(column, bytes, start, end)) target.addNull();
    else if (column.rewrite !== undefined) {
      const length = this.#source.rewrite(column, bytes, start, end);
      if (length === -1) return false;
      target.addPlain(this.#source.rewritten, 0, length);
    } else if (!column.check(bytes, start, end)) return false;
    else if (column.isText && !isPlain) target.addText(bytes, start, end);
    else target.addPlain(bytes, start, end);
    return true;
  }
}

function encoded(column: SourceColumn): EncodedColumn {
  const { name, header, at, isHidden, isNullable, isNullText, rewrite, check } = column;
  const isPlain = isNullText === undefined && rewrite === undefined;
  const isText = column.column.type === "text" || column.column.type === "json";
  return { name, header, column: column.column, at, isHidden, isPlain, isText, isNullable, isNullText, rewrite, check };
}
