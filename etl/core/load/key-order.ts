import { DatabaseError } from "../errors";
import type { CopyRecord } from "./copy-text";

/** How the stage declares a key column: its type's name and whether equal text means equal bytes. */
export interface KeyColumnType {
  readonly type: string;
  readonly deterministic: boolean;
}

type Comparable = string | number;
type Canonical = (value: unknown) => value is Comparable;

const isInteger: Canonical = (value): value is number => Number.isSafeInteger(value);
const isDay: Canonical = (value): value is string => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value);
const isText: Canonical = (value): value is string => typeof value === "string" && !value.endsWith(" ");
const isUnknown: Canonical = (_value): _value is never => false;

/** The types whose values of this form are equal to PostgreSQL only when they are equal to JavaScript. */
const CANONICAL: Readonly<Record<string, Canonical>> = {
  int2: isInteger,
  int4: isInteger,
  int8: isInteger,
  date: isDay,
  text: isText,
  varchar: isText,
};

/** A column of the key, and the value that it had last. */
interface KeyPart<Column> {
  readonly column: Column;
  readonly isCanonical: Canonical;
  last: Comparable | undefined;
}

/**
 * Watches the keys of a load go by. While each is greater than the one before, no key can come twice, and the
 * server is spared the search for duplicates. A type or value where JavaScript's and PostgreSQL's ideas of equality
 * could differ (`citext`, `numeric` 1.0 and 1.00) counts as out of order.
 */
export class KeyOrder<Column extends string> {
  readonly #parts: readonly KeyPart<Column>[];
  #increasing = true;

  constructor(columns: readonly Column[], types: ReadonlyMap<string, KeyColumnType>) {
    this.#parts = columns.map((column) => {
      const { type, deterministic } = types.get(column) ?? { type: "", deterministic: false };
      return { column, isCanonical: (deterministic && CANONICAL[type]) || isUnknown, last: undefined };
    });
  }

  /** True while every key was greater than the one before it. */
  get strictlyIncreasing(): boolean {
    return this.#increasing;
  }

  /** @throws DatabaseError when a part of the key is null: such a record could never be found again. */
  see(record: CopyRecord<Column>, ordinal: number): void {
    let order = 0;
    for (const part of this.#parts) {
      const value: unknown = record[part.column];
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

/** Positive where the value is greater than the last, or the first of all. */
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
