import { type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import type { FeedTables } from "./tables";

/**
 * Shows other runs that this one is alive, for as long as its session lasts: PostgreSQL frees the lock when the process
 * dies. Call it before the run is in the ledger, otherwise the run would be taken for dead in between. If a lost
 * session still has the lock, that session shows the same until it ends.
 */
export async function attendRun(db: Kysely<FeedTables>, run: string): Promise<void> {
  await sql`select pg_try_advisory_lock(${lockOf(sql.val(run))})`.execute(db);
}

/**
 * Marks runs that died before their end as failed: their lease is over, or their process has died. A run that was only
 * slow goes on, and its end replaces the mark.
 */
export async function markDeadRuns(db: Kysely<FeedTables>): Promise<void> {
  // Materialized, so that only locks of unended runs are tried.
  await sql`
    with open as materialized (
      select r.id::text as id, i.attended, i.alive_until < clock_timestamp() as over
      from etl_run r join import_run i on i.run = r.id where r.status = 'running'
    ), dead as materialized (
      select id::uuid as id from open where over or case when attended then pg_try_advisory_xact_lock(${lockOf(sql`id`)}) end
    )
    update etl_run set status = 'failed', finished = clock_timestamp(),
      error = 'This run died before it ended; what it loaded stays, and the next run counts it'
    from dead where etl_run.id = dead.id and etl_run.status = 'running'`.execute(db);
}

function lockOf(run: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`hashtextextended('millrace import run ' || ${run}::text, 0)`;
}

/** A run that has begun, and whose end is not known. */
export interface LiveRun {
  readonly run: string;
  readonly source: string;
  readonly scope: string | null;
  readonly attended: boolean;
  readonly started: Date;
  readonly aliveUntil: Date;
}

/** The unended run of the feed, of which there is one at most; call {@link markDeadRuns} first. */
export async function findLiveRun(db: Kysely<FeedTables>, feed: string): Promise<LiveRun | undefined> {
  return db
    .selectFrom("etl_run")
    .innerJoin("import_run", "import_run.run", "etl_run.id")
    .select(["run", "source", "scope", "attended", "started", "alive_until as aliveUntil"])
    .where("contract", "=", feed)
    .where("status", "=", "running")
    .orderBy("started")
    .limit(1)
    .executeTakeFirst();
}

/** The objects that a run lists; empty if the ledger does not have the run. */
export async function readScope(db: Kysely<FeedTables>, run: string): Promise<string> {
  const found = await db.selectFrom("import_run").select("scope").where("run", "=", run).executeTakeFirst();
  return found?.scope ?? "";
}

/**
 * Makes a run count the chunks of these objects whose own run did not count them, because it died or failed. So their
 * rejected rows are reported, and compared with the limit, though they are not read again. Chunks that a successful run
 * has read again since are left out: a full run of an earlier version did not mark them as lost.
 */
export async function takeOverChunks(trx: Transaction<FeedTables>, run: string, objects: readonly number[]) {
  await sql`
    update import_chunk c set counted_in = ${run}
    from import_run i join etl_run r on r.id = i.run
    where i.run = coalesce(c.counted_in, c.run) and not i.judged and r.status = 'failed' and not c.lost
      and c.object = any(${sql.val(objects)}::bigint[])
      and not exists (
        select from import_chunk as again join etl_run as later on later.id = coalesce(again.counted_in, again.run)
        where again.object = c.object and again.first <= c.first and again.past >= c.past and not again.lost
          and later.status = 'succeeded'
      )`.execute(trx);
}
