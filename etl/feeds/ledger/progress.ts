import { type Kysely, type RawBuilder, sql } from "kysely";
import { DatabaseError } from "../../core/errors";
import type { ChunkCounts } from "../run/events";
import type { FeedTables } from "./tables";

/** A run's progress, read from the ledger only: access to the database is enough. */
export interface FeedProgress extends ChunkCounts {
  /** With something to load, or loaded by a run that did not end. */
  readonly objects: number;
  /** Planned by the run. */
  readonly chunks: number;
  readonly chunksDone: number;
  /** Not loaded by it; chunks that another run counts are loaded. */
  readonly chunksMissing: number;
  /** Loaded by runs that did not end, and counted here. */
  readonly chunksTakenOver: number;
  /** Objects found and left out: loaded before, rejected before, or empty. */
  readonly skipped: number;
  /** `s3://bucket/prefix`, or a folder. */
  readonly source: string;
  /** From the run's start to its end, or to now. */
  readonly seconds: number;
}

export async function readProgress(db: Kysely<FeedTables>, runId: string): Promise<FeedProgress> {
  const { rows } = await sql<FeedProgress>`
    select i.chunks, i.chunks - (select count(*) from import_chunk where run = i.run) as "chunksMissing", i.skipped, i.source, c.*, extract(epoch from coalesce(r.finished, clock_timestamp()) - r.started)::float8 as seconds,
      i.objects + c."objectsTakenOver" as objects
    from import_run i join etl_run r on r.id = i.run, lateral (
      select count(*) filter (where run = i.run) as "chunksDone",
        count(*) filter (where run <> i.run) as "chunksTakenOver",
        count(distinct object) - count(distinct object) filter (where run = i.run) as "objectsTakenOver",
        coalesce(sum(rows), 0)::bigint as rows, coalesce(sum(inserted), 0)::bigint as inserted,
        coalesce(sum(updated), 0)::bigint as updated, coalesce(sum(unchanged), 0)::bigint as unchanged,
        coalesce(sum(superseded), 0)::bigint as superseded, coalesce(sum(rejected), 0)::bigint as rejected,
        coalesce(sum(dropped), 0)::bigint as dropped, coalesce(sum(altered), 0)::bigint as altered
      from import_chunk where ${countedIn(sql.ref("i.run"))}
    ) as c where i.run = ${runId}`.execute(db);
  const [counted] = rows;
  if (counted === undefined) throw new DatabaseError("The ledger has no such run", { got: runId });
  return counted;
}

/**
 * Whether a run counts a chunk: its own, except those that a later run took over; and those that it took over itself.
 */
export function countedIn(run: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(counted_in = ${run} or counted_in is null and run = ${run})`;
}

/** Chunks that a run took over from another that did not end. */
export interface TakenOver {
  readonly run: string;
  readonly chunks: number;
  readonly rejected: number;
}

export async function readTakenOver(db: Kysely<FeedTables>, runId: string): Promise<readonly TakenOver[]> {
  const { rows } = await sql<TakenOver>`
    select run, count(*) as chunks, sum(rejected)::bigint as rejected
    from import_chunk where counted_in = ${runId} group by run order by run`.execute(db);
  return rows;
}
