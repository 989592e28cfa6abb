import type { Column, Columns } from "./column";
import type { RejectedLimit } from "./rejected-limit";

/** `utf-16` is read in the byte order of its mark. */
export type Encoding = "utf-8" | "utf-16" | "windows-1252" | "iso-8859-1";

/** The description of a CSV. Only data: it is checked, printed and read from JSON unchanged. */
export interface CsvContract<C extends Columns = Columns> {
  readonly columns: C;
  /** Whether it begins with a header. Default: true. */
  readonly header?: boolean;
  /** One ASCII character other than a quote, backslash or line end. Default: a comma. */
  readonly delimiter?: string;
  /** Default: `utf-8`. */
  readonly encoding?: Encoding;
  /** Whether quoted fields of a feed hold line breaks: its objects are not cut. Default: false, and each line is a row. */
  readonly quotedLineBreaks?: boolean;
  /** What to do with header columns that the contract does not have. Default: `ignore`. */
  readonly unknownColumns?: "ignore" | "warn" | "fail";
}

/** The description of a table. */
export interface TableContract<
  C extends Columns = Columns,
  Table extends string = string,
  Key extends string = string,
> {
  /** `table` or `schema.table`. */
  readonly table: Table;
  readonly columns: C;
  /** The natural key: columns that are not nullable. */
  readonly key: readonly [Key, ...Key[]];
}

/** A feed of CSV objects, and the table that they are copied into. */
export interface Feed<C extends Columns = Columns, Table extends string = string, Key extends string = string>
  extends CsvContract<C>,
    TableContract<C, Table, Key> {
  /** Its name in `npm run etl -- feed NAME` and in the configuration. */
  readonly name: string;
  /** An object with more is rejected, and its run fails after the others are loaded. Default: no row. */
  readonly maxRejected?: RejectedLimit;
  /**
   * Whether a row's values before and after a change are kept, in the table `revision`. Then chunks of the table are
   * written one after the other. Default: false.
   */
  readonly revisions?: boolean;
  /**
   * What is kept to go back: `full`, with the keys of new rows, so that a run can be undone and the table be read as it
   * was; `changes`, the same as `revisions`; `none`. Default: `changes` with `revisions`, else `none`.
   */
  readonly history?: "full" | "changes" | "none";
}

/** Columns that a key may have. */
type NeverNull<C extends Columns> = {
  [Name in keyof C & string]: C[Name] extends { readonly nullable: true } ? never : Name;
}[keyof C & string];

type KeyOf<Type, Known> = Known extends { readonly type: infer Types }
  ? Type extends Types
    ? keyof Known
    : never
  : never;

/** Forbids options that a column of its type does not have: a typing error must not pass for an option. */
type Exact<C extends Columns> = {
  readonly [Name in keyof C]: { readonly [Option in Exclude<keyof C[Name], KeyOf<C[Name]["type"], Column>>]: never };
};

/** Describes a CSV, and keeps its columns' types for `RecordOf`. */
export function defineCsv<const C extends Columns>(
  contract: CsvContract<C> & { readonly columns: Exact<C> },
): CsvContract<C> {
  return contract;
}

/** Describes a table, and keeps its columns' types for `TableOf`. */
export function defineTable<const C extends Columns, const Table extends string, const Key extends NeverNull<C>>(
  contract: TableContract<C, Table, Key> & { readonly columns: Exact<C> },
): TableContract<C, Table, Key> {
  return contract;
}

/**
 * Describes a feed, and keeps its columns' types for `RecordOf` and `TableOf`.
 *
 * ```ts
 * import { defineFeed } from "../core/contract/contract";
 *
 * export const visits = defineFeed({
 *   name: "visits",
 *   table: "visits",
 *   columns: {
 *     visit_id: { type: "bigint" },
 *     day: { type: "date" },
 *     amount: { type: "numeric", precision: 12, scale: 2, nullable: true },
 *   },
 *   key: ["visit_id"],
 * });
 * ```
 *
 * Save it as `etl/feeds/visits.ts`, list it in `etl/feeds/feeds.ts`, and load it with `npm run etl -- feed visits
 * visits.csv`.
 */
export function defineFeed<const C extends Columns, const Table extends string, const Key extends NeverNull<C>>(
  contract: Feed<C, Table, Key> & { readonly columns: Exact<C> },
): Feed<C, Table, Key> {
  return contract;
}
