import { DatabaseError } from "../errors";
import type { CopyRecord } from "./copy-text";

/** How the stage declares a key column: its type's name and whether equal text means equal bytes. */
export interface KeyColumnType {
  readonly type: string;
  readonly deterministic: boolean;
}

type Canonical = (value: unknown) => boolean;

const isInteger: Canonical = (value) => Number.isSafeInteger(value);
const isDay: Canonical = (value) => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value);
const isText: Canonical = (value) => typeof value === "string" && !value.endsWith(" ");

/** The types whose values of this form are equal to PostgreSQL only when they are equal to JavaScript. */
const CANONICAL: Readonly<Record<string, Canonical>> = {
  int2: isInteger,
  int4: isInteger,
  int8: isInteger,
  date: isDay,
  text: isText,
  varchar: isText,
};

/**
 * Watches the keys of a load go by. While each is greater than the one before, no key can come twice, and the
 * server is spared the search for duplicates. A type or value where JavaScript's and PostgreSQL's ideas of equality
 * could differ (`citext`, `numeric` 1.0 and 1.00) counts as out of order.
 */
export class KeyOrder<Column extends string> {
  readonly #columns: readonly Column[];
  readonly #canonical: readonly (Canonical | undefined)[];
  #last: CopyRecord<Column> | undefined;
  #increasing = true;

  constructor(columns: readonly Column[], types: ReadonlyMap<string, KeyColumnType>) {
    this.#columns = columns;
    this.#canonical = columns.map((column) => {
      const known = types.get(column);
      return known?.deterministic ? CANONICAL[known.type] : undefined;
    });
  }

  /** True while every key was greater than the one before it. */
  get strictlyIncreasing(): boolean {
    return this.#increasing;
  }

  /** @throws DatabaseError when a part of the key is null: such a record could never be found again. */
  see(record: CopyRecord<Column>, ordinal: number): void {
    for (const column of this.#columns) {
      if (record[column] === null) {
        throw new DatabaseError("a record has no key", {
          got: "null",
          expected: "a value in every column of the natural key",
          where: { source: `record ${ordinal} of the load`, column },
        });
      }
    }
    if (!this.#increasing) return;
    this.#increasing = this.#isCanonical(record) && (this.#last === undefined || this.#isGreater(record, this.#last));
    this.#last = record;
  }

  #isCanonical(record: CopyRecord<Column>): boolean {
    return this.#columns.every((column, index) => this.#canonical[index]?.(record[column]) ?? false);
  }

  #isGreater(record: CopyRecord<Column>, last: CopyRecord<Column>): boolean {
    for (const column of this.#columns) {
      const [value, before] = [record[column], last[column]];
      if (value === before) continue;
      return isComparable(value) && isComparable(before) && value > before;
    }
    return false;
  }
}

function isComparable(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}
