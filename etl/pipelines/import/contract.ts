import type { RejectedLimit } from "../../core/contract/rejected-limit";

/** What a column's text must be; an empty field is NULL where the column is nullable. */
export type ColumnType =
  | { readonly type: "text" | "integer" | "bigint" | "boolean" | "date" | "timestamptz" }
  /** Exact: a figure with more than `scale` decimals is rejected, never rounded. */
  | { readonly type: "numeric"; readonly precision: number; readonly scale: number };

export type ImportColumn = ColumnType & {
  /** Default: false. */
  readonly nullable?: boolean;
  /** The column's name in the header. Default: as the table's column. */
  readonly header?: string;
};

/** How an object is packed. `by-name`: keys that end in `.gz` and `.zst` are, the others are not. */
export type Compression = "by-name" | "none" | "gzip" | "zstd";

/** A feed of raw CSV objects, and the table that they are loaded into. */
export interface ImportContract {
  /** As `--contract` and the stack name it. */
  readonly name: string;
  /** `table` or `schema.table`. */
  readonly table: string;
  /** By the table's column names; without a header, in the order of the fields. */
  readonly columns: Readonly<Record<string, ImportColumn>>;
  /** The natural key: columns that are not nullable. */
  readonly key: readonly [string, ...string[]];
  /** Whether each object begins with a header. Default: true. */
  readonly header?: boolean;
  /** One character. Default: a comma. */
  readonly delimiter?: string;
  /** Default: `by-name`. */
  readonly compression?: Compression;
  /** Whether quoted fields hold line breaks: such objects are not cut. Default: false, and one that is found is an error. */
  readonly quotedLineBreaks?: boolean;
  /** Above this the run fails. Default: no row. */
  readonly maxRejected?: RejectedLimit;
}
