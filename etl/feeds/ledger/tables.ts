import type { ColumnType, Generated } from "kysely";
import type { Migrations } from "../../core/database/migrate";
import type { CoreTables } from "../../core/database/tables";
import { columns } from "./migrations/columns";
import { droppedRows } from "./migrations/dropped-rows";
import { importLedger } from "./migrations/import-ledger";
import { lostTables } from "./migrations/lost-tables";
import { rejectedObjects } from "./migrations/rejected-objects";
import { runsOfFeeds } from "./migrations/runs-of-feeds";
import { triedChunks } from "./migrations/tried-chunks";
import { unendedRuns } from "./migrations/unended-runs";

/**
 * One version of an object that was ever planned. The newer of two is the one last modified later, then that of the later
 * kind, then that of the greater location, then that of the greater id.
 */
export interface ImportObjectTable {
  id: Generated<number>;
  /** The table that it is loaded into. */
  target: string;
  /** `s3://bucket/key`, or a path. */
  location: string;
  etag: string;
  last_modified: ColumnType<Date, Date | string>;
  bytes: number;
  /**
   * `mended` and `restored`, later in this order, are the origin of rows that come from no object. Mended ones have the time of the object that they
   * correct, so that they win over it and give way to a newer one; restored ones the time at which they were.
   */
  kind: Generated<"object" | "mended" | "restored">;
  /** Since when it is not read again, by which run, why, and what the contract was by `strictnessOf`; null while it is not rejected. */
  rejected_since: Date | null;
  rejected_by: string | null;
  rejected_reason: string | null;
  rejected_fingerprint: string | null;
}

/** What a run set out to do; its id is that of `etl_run`. */
export interface ImportRunTable {
  run: string;
  contract: string;
  /** `s3://bucket/prefix`, or a folder. */
  source: string;
  objects: number;
  chunks: number;
  bytes: number;
  skipped: number;
  /** A process holds the run's lock for as long as it lives: on a laptop. */
  attended: Generated<boolean>;
  /** What was rejected was held against the contract's limit; false in a run that died, or failed before that. */
  judged: Generated<boolean>;
  /** What the contract was, by `fingerprintOf`; null in runs of an older version. */
  fingerprint: string | null;
  /** What its listing found that a person should hear. */
  notes: ColumnType<readonly string[], string | undefined, string>;
  /** Which objects runs like this one list, a replay apart: those of two runs of one scope are the same. Null in runs of an older version, which list all of their source. */
  scope: string | null;
  /** The manifest is written: it says what the run loads. */
  planned: Generated<boolean>;
  /** Until then a run that has not ended counts as alive. */
  alive_until: Generated<Date>;
  /** How often chunks were begun that have no end, by `chunkName`: where one function loads one after the other. */
  tried: Generated<Readonly<Record<string, number>>>;
}

/** The ledger of chunks: a row is written with the chunk's records, in one transaction. */
export interface ImportChunkTable {
  run: string;
  object: number;
  /** The chunk is `[first, past)`. */
  first: number;
  past: number;
  rows: Generated<number>;
  inserted: Generated<number>;
  updated: Generated<number>;
  unchanged: Generated<number>;
  superseded: Generated<number>;
  rejected: Generated<number>;
  /** 0 in chunks that an older version loaded: it counted such rows as unchanged or superseded. */
  dropped: Generated<number>;
  /** As `dropped`: 0 in chunks of an older version. */
  altered: Generated<number>;
  seconds: Generated<number>;
  finished: Generated<Date>;
  /** The later run that counts the chunk, where its own did not end; else null. */
  counted_in: Generated<string | null>;
  /** It does not count as loaded: its rows went with the table, it was read again, or it is {@link refused}. */
  lost: Generated<boolean>;
  /** The object's header, where the chunk begins with it and has a row that keeps the contract; null in chunks of an older version. */
  header: ColumnType<readonly string[] | null, string | null | undefined, string | null>;
  /** Columns of the contract without a value in any row that keeps it; null where there is no such row. */
  empty: ColumnType<readonly string[] | null, string | null | undefined, string | null>;
  /** What the contract was, by `fingerprintOf`; null in chunks of an older version. */
  fingerprint: string | null;
  /** Why nothing of it was kept but its rejected rows; null where it was loaded. */
  refused: string | null;
}

/** Which table is loaded, as PostgreSQL tells tables of one name apart. */
export interface ImportTargetTable {
  target: string;
  oid: number;
}

/** Somebody came while a run of the feed was alive, and left his work to it. The next listing of that scope takes the row away. */
export interface ImportRequestTable {
  feed: string;
  scope: string;
  /** When the last one came. */
  requested_at: Generated<Date>;
}

export interface FeedTables extends CoreTables {
  import_object: ImportObjectTable;
  import_run: ImportRunTable;
  import_chunk: ImportChunkTable;
  import_target: ImportTargetTable;
  import_request: ImportRequestTable;
}

export const feedMigrations: Migrations = {
  "001-import-ledger": importLedger,
  "002-unended-runs": unendedRuns,
  "003-lost-tables": lostTables,
  "004-dropped-rows": droppedRows,
  "005-columns": columns,
  "006-runs-of-feeds": runsOfFeeds,
  "007-rejected-objects": rejectedObjects,
  "008-tried-chunks": triedChunks,
};
