import { type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import type { FeedTables } from "./tables";

/**
 * Tells other runs that this one lives, for as long as the session does: PostgreSQL frees the lock when the process dies.
 * Before the ledger has the run, as it would be taken for dead in between. Where a lost session still has the lock, that one
 * says the same until it ends.
 */
export async function attendRun(db: Kysely<FeedTables>, run: string): Promise<void> {
  await sql`select pg_try_advisory_lock(${lockOf(sql.val(run))})`.execute(db);
}

/**
 * Marks runs that died before their end as failed: their lease is over, or the process that attended them is gone. One that was only
 * slow goes on, and ends as if nothing had been said.
 */
export async function markDeadRuns(db: Kysely<FeedTables>, own: string): Promise<void> {
  // Materialized, so that no lock is tried but those of runs that have not ended.
  await sql`
    with open as materialized (
      select r.id::text as id, i.attended, i.alive_until < clock_timestamp() as over
      from etl_run r join import_run i on i.run = r.id where r.status = 'running' and r.id <> ${own}
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

/** A run that has begun, and is not known to have ended. */
export interface LiveRun {
  readonly run: string;
  readonly source: string;
  readonly scope: string | null;
  readonly attended: boolean;
  readonly started: Date;
  readonly aliveUntil: Date;
}

/** Another run of the feed that has not ended; {@link markDeadRuns} comes first. */
export async function findLiveRun(db: Kysely<FeedTables>, feed: string, own: string): Promise<LiveRun | undefined> {
  return db
    .selectFrom("etl_run")
    .innerJoin("import_run", "import_run.run", "etl_run.id")
    .select(["run", "source", "scope", "attended", "started", "alive_until as aliveUntil"])
    .where("contract", "=", feed)
    .where("status", "=", "running")
    .where("run", "<>", own)
    .orderBy("started")
    .limit(1)
    .executeTakeFirst();
}

/** Which objects a run lists; empty where the ledger does not have the run. */
export async function readScope(db: Kysely<FeedTables>, run: string): Promise<string> {
  const found = await db.selectFrom("import_run").select("scope").where("run", "=", run).executeTakeFirst();
  return found?.scope ?? "";
}

/**
 * Lets a run count the chunks of these objects whose own run did not come to count them: it died, or failed on the way. So
 * what they rejected is told, and held against the limit, though nobody reads them again. Left out are those that a run
 * which succeeded has read again since.
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
