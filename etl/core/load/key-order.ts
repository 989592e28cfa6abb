import { DatabaseError } from "../errors";
import type { CopyRecord } from "./copy-text";

/** A key column's declaration in the stage: its type's name, and its collation. */
export interface KeyColumnType {
  readonly type: string;
  /** Whether equal text means equal bytes. */
  readonly deterministic: boolean;
  /** Whether text is in the order of its bytes; true for other types. */
  readonly bytewise: boolean;
}

/** A part of a key, as a value that JavaScript compares. */
type Comparable = string | number;
type Canonical = (value: unknown) => value is Comparable;

/** Characters whose order in UTF-16, JavaScript's, is not that of Unicode. */
const SURROGATE_OR_BEHIND = /[\uD800-\uFFFF]/;

const isInteger: Canonical = (value): value is number => Number.isSafeInteger(value);
const isDay: Canonical = (value): value is string => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value);
const isText: Canonical = (value): value is string =>
  typeof value === "string" && !value.endsWith(" ") && !SURROGATE_OR_BEHIND.test(value);
const isUnknown: Canonical = (_value): _value is never => false;

/** The types whose values of this form are equal in PostgreSQL only if they are equal in JavaScript. */
const CANONICAL: Readonly<Record<string, Canonical>> = {
  int2: isInteger,
  int4: isInteger,
  int8: isInteger,
  date: isDay,
  text: isText,
  varchar: isText,
};

/** A column of the key, how to read it from a row, and its last value. */
interface KeyPart<Column, Row> {
  readonly column: Column;
  readonly valueOf: (row: Row) => unknown;
  readonly isCanonical: Canonical;
  last: Comparable | undefined;
}

/**
 * Watches the keys of a load. While each is greater than the one before, no key can appear twice, and the server need
 * not search for duplicates. A type or value for which equality could differ between JavaScript and PostgreSQL
 * (`citext`, `numeric` 1.0 and 1.00) counts as out of order.
 */
export class KeyOrder<Column extends string, Row = CopyRecord<Column>> {
  readonly #parts: readonly KeyPart<Column, Row>[];
  readonly #isBytewise: boolean;
  #increasing = true;

  /** @param reader how to read a column's value from a row */
  constructor(
    columns: readonly Column[],
    types: ReadonlyMap<string, KeyColumnType>,
    reader: (column: Column) => (row: Row) => unknown,
  ) {
    this.#isBytewise = columns.every((column) => types.get(column)?.bytewise === true);
    this.#parts = columns.map((column) => {
      const { type, deterministic } = types.get(column) ?? { type: "", deterministic: false };
      const isCanonical = (deterministic && CANONICAL[type]) || isUnknown;
      return { column, valueOf: reader(column), isCanonical, last: undefined };
    });
  }

  /** True while every key was greater than the one before it. */
  get isIncreasing(): boolean {
    return this.#increasing;
  }

  /** True while every key was greater than the one before it for the server, too: collations have their own orders. */
  get isServersOrder(): boolean {
    return this.#increasing && this.#isBytewise;
  }

  /** @throws DatabaseError if a part of the key is null: such a record could never be found again. */
  see(row: Row, ordinal: number): void {
    let order = 0;
    for (const part of this.#parts) {
      const value = part.valueOf(row);
      if (value === null) throw refuseNull(ordinal, part.column);
      if (!this.#increasing) continue;
      if (!part.isCanonical(value)) {
        this.#increasing = false;
        continue;
      }
      if (order === 0) order = compare(part.last, value);
      part.last = value;
    }
    if (order <= 0) this.#increasing = false;
  }
}

/** Positive if the value is greater than the last, or the first of all. */
function compare(last: Comparable | undefined, value: Comparable): number {
  if (last === undefined || value > last) return 1;
  return value === last ? 0 : -1;
}

function refuseNull(ordinal: number, column: string): DatabaseError {
  return new DatabaseError("a record has no key", {
    got: "null",
    expected: "a value in every column of the natural key",
    where: { source: `record ${ordinal} of the load`, column },
  });
}
