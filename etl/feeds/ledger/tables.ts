import type { ColumnType, Generated } from "kysely";
import type { Migrations } from "../../core/database/migrate";
import type { CoreTables } from "../../core/database/tables";
import { columns } from "./migrations/columns";
import { droppedRows } from "./migrations/dropped-rows";
import { importLedger } from "./migrations/import-ledger";
import { lostTables } from "./migrations/lost-tables";
import { proof } from "./migrations/proof";
import { rejectedObjects } from "./migrations/rejected-objects";
import { runsOfFeeds } from "./migrations/runs-of-feeds";
import { triedChunks } from "./migrations/tried-chunks";
import { unendedRuns } from "./migrations/unended-runs";

/**
 * One version of an object that was ever planned. The newer of two is decided by the later last modification, then the
 * later kind, then the greater location, then the greater id.
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
   * `mended` and `restored`, later in this order, are the origin of rows that come from no object. Mended rows have the
   * time of the object that they correct, so they win over it and give way to a newer one; restored rows have the time
   * of their restoration.
   */
  kind: Generated<"object" | "mended" | "restored">;
  /**
   * Since when it is not read again, by which run, why, and under which contract (`strictnessOf`); null while it is not
   * rejected.
   */
  rejected_since: Date | null;
  rejected_by: string | null;
  rejected_reason: string | null;
  rejected_fingerprint: string | null;
}

/** The plan of a run; its id is that of `etl_run`. */
export interface ImportRunTable {
  run: string;
  contract: string;
  /** `s3://bucket/prefix`, or a folder. */
  source: string;
  objects: number;
  chunks: number;
  bytes: number;
  skipped: number;
  /** Whether a process holds the run's lock for its lifetime: on a laptop. */
  attended: Generated<boolean>;
  /** Whether rejected rows were compared with the contract's limit; false in a run that died, or failed before that. */
  judged: Generated<boolean>;
  /** The contract, by `fingerprintOf`; null in runs of an older version. */
  fingerprint: string | null;
  /** Notes of its listing for people. */
  notes: ColumnType<readonly string[], string | undefined, string>;
  /**
   * The objects that runs like this one list, except replays: two runs of one scope list the same. Null in runs of an
   * older version, which list their whole source.
   */
  scope: string | null;
  /** Whether the manifest is written: it lists what the run loads. */
  planned: Generated<boolean>;
  /** Until then an unended run counts as alive. */
  alive_until: Generated<Date>;
  /** How often each unended chunk was begun, by `chunkName`: used if one function loads one chunk after the other. */
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
  /** 0 in chunks of an older version: it counted such rows as unchanged or superseded. */
  dropped: Generated<number>;
  /** Like `dropped`: 0 in chunks of an older version. */
  altered: Generated<number>;
  seconds: Generated<number>;
  finished: Generated<Date>;
  /** The later run that counts the chunk, if its own did not end; else null. */
  counted_in: Generated<string | null>;
  /**
   * Whether it does not count as loaded: its rows were lost with the table, it was read again, or it is {@link
   * refused}.
   */
  lost: Generated<boolean>;
  /** The object's header, if the chunk begins with it and has a valid row; null in chunks of an older version. */
  header: ColumnType<readonly string[] | null, string | null | undefined, string | null>;
  /** Columns of the contract without a value in any valid row; null if there is no such row. */
  empty: ColumnType<readonly string[] | null, string | null | undefined, string | null>;
  /** The contract, by `fingerprintOf`; null in chunks of an older version. */
  fingerprint: string | null;
  /** Why only its rejected rows were kept; null if it was loaded. */
  refused: string | null;
  /** Like `etl_run.code`; null in chunks of an older version. */
  code: string | null;
  /** Hex sha256 of the rows that its bytes became, as COPY got them; null in refused chunks, and those of an older version. */
  result: string | null;
}

/** The loaded table, by the id with which PostgreSQL distinguishes tables of one name. */
export interface ImportTargetTable {
  target: string;
  oid: number;
}

/**
 * A request for another listing, made while a run of the feed was alive. The next listing of that scope deletes the
 * row.
 */
export interface ImportRequestTable {
  feed: string;
  scope: string;
  /** The time of the first request since the last listing. */
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
  "009-proof": proof,
};
