import type { ColumnType, Generated, JSONColumnType } from "kysely";

export type RunStatus = "running" | "succeeded" | "failed" | "dry-run";

/**
 * A source that a run read: one entry of `etl_run.sources`. `bytes` and `rows` count the source; `rows` are all but the
 * header and blank lines, rejected ones included.
 */
export interface SourceSummary {
  readonly name: string;
  readonly location: string;
  /** Hex, of the bytes as read. */
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
  /** True if a download found the same content as the last time. */
  readonly unchanged?: boolean;
  /** Like in {@link Source}. */
  readonly day?: string;
  /** Its columns. Older versions left them out if an earlier source of the run had the same. */
  readonly header?: readonly string[];
  /** Columns of its contract without a value in any row; left out if there is none. */
  readonly empty?: readonly string[];
}

type Timestamp = ColumnType<Date, Date | string | undefined, Date | string>;

/** The run ledger: one row per run, kept for ever. */
export interface EtlRunTable {
  /** UUID. */
  id: string;
  pipeline: string;
  status: RunStatus;
  started: Timestamp;
  finished: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  inserted: number | null;
  updated: number | null;
  unchanged: number | null;
  rejected: number | null;
  /** Records that triggers of the table dropped; null in runs of versions that did not count them. */
  dropped: number | null;
  /**
   * Rows that gave way to newer ones, if a pipeline reports them; null in runs of versions that counted them as
   * unchanged.
   */
  superseded: number | null;
  sources: JSONColumnType<SourceSummary[], string | undefined, string>;
  warnings: JSONColumnType<string[], string | undefined, string>;
  error: string | null;
  /** Who mended rejected rows, or undid runs, by this run; null in all other runs. */
  mended_by: string | null;
  /** Rows that an undo removed; null in all other runs. */
  removed: number | null;
  /** The runs that this one undid; null in all other runs. */
  undoes: ColumnType<string[] | null, string[] | null | undefined, string[] | null>;
  /**
   * Hex sha256 of the bundle that loaded the rows (on AWS the function's `index.js`), several separated by spaces; null in
   * runs of versions that did not keep it, and where the sources ran unbundled.
   */
  code: string | null;
  /** Hex sha256 of the rows that the sources' bytes became, whatever the table had; null where it was not kept. */
  result: string | null;
}

/**
 * One record whose values a later source changed; images have the changed columns, as JSON. Those written by versions
 * before 2026-11-28 have all loaded columns.
 */
export interface RevisionTable {
  id: Generated<number>;
  run: string;
  table_name: string;
  key: JSONColumnType<Record<string, unknown>>;
  before: JSONColumnType<Record<string, unknown>>;
  after: JSONColumnType<Record<string, unknown>>;
  /** `load_history.id`; null in revisions of older versions. */
  load: number | null;
}

/** A load that changed its table, in the order in which loads of a table were committed if it keeps anything. */
export interface LoadHistoryTable {
  id: Generated<number>;
  run: string;
  table_name: string;
  /** The columns of the natural key. */
  key: string[];
  /** What it keeps. `none` also if that was deleted by its age. */
  kept: "full" | "changes" | "none";
  started: Generated<Date>;
  /** Just before its transaction was committed; null if it was no run of millrace. */
  finished: Date | null;
  /** The transaction's id in the rows that it wrote (`xmin`), by which a row that was changed since is recognised. */
  xid: number | null;
}

/** Keys that a load inserted: for each column of the key (`place`, from 0) one array, of one of three types. */
export interface InsertedKeyTable {
  load: number;
  part: number;
  place: number;
  integers: number[] | null;
  days: string[] | null;
  texts: string[] | null;
}

/** A row that an undo removed, with all of its values. */
export interface RemovedRowTable {
  id: Generated<number>;
  load: number;
  key: JSONColumnType<Record<string, unknown>>;
  row: JSONColumnType<Record<string, unknown>>;
}

/** One raw row that broke its contract. `raw` is its text, cut at 1,000 characters, NUL shown as U+FFFD. */
export interface RejectedRowTable {
  id: Generated<number>;
  run: string;
  source: string;
  /** 1 is the first of the source; null if it was read in parts. */
  line: number | null;
  /** 0 is the first of the source; null if the line is known. */
  byte_offset: number | null;
  reason: string;
  raw: string;
}

/** The header of a source with rejected rows, by the run that read it; left out where the source has none. */
export interface RejectedHeaderTable {
  run: string;
  source: string;
  header: JSONColumnType<string[]>;
}

/** A rejected row that somebody corrected. Its run says who. */
export interface MendedRowTable {
  /** `rejected_row.id`: the row itself may be deleted by its age. */
  rejected: number;
  /** The run that loaded it. */
  run: string;
  /** The table had a newer row of its key, which stayed. */
  superseded: Generated<boolean>;
}

/** The tables that every pipeline shares; a pipeline adds its own by intersection. */
export interface CoreTables {
  etl_run: EtlRunTable;
  revision: RevisionTable;
  rejected_row: RejectedRowTable;
  rejected_header: RejectedHeaderTable;
  mended_row: MendedRowTable;
  load_history: LoadHistoryTable;
  inserted_key: InsertedKeyTable;
  removed_row: RemovedRowTable;
}
