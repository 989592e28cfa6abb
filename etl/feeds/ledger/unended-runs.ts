import { type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import type { ImportTables } from "./tables";

/** On AWS no process lives as long as a run. After so long without a chunk, several times the life of a Lambda, it is over. */
const SILENT_FOR = "1 hour";

/**
 * Tells other runs that this one lives, for as long as the session does: PostgreSQL frees the lock when the process dies.
 * Before the ledger has the run, as it would be taken for dead in between. Where a lost session still has the lock, that one
 * says the same until it ends.
 */
export async function attendRun(db: Kysely<ImportTables>, run: string): Promise<void> {
  await sql`select pg_try_advisory_lock(${lockOf(sql.val(run))})`.execute(db);
}

/** Marks runs that died before their end as failed. One that was only slow goes on, and ends as if nothing had been said. */
export async function markDeadRuns(db: Kysely<ImportTables>, own: string): Promise<void> {
  // Materialized, so that no lock is tried but those of runs that have not ended.
  await sql`
    with open as materialized (
      select r.id::text as id, i.attended, greatest(r.started,
        (select max(finished) from import_chunk where run = r.id)) as seen
      from etl_run r join import_run i on i.run = r.id
      where r.status = 'running' and r.id <> ${own}
    ), dead as materialized (
      select id::uuid as id from open where case when attended then pg_try_advisory_xact_lock(${lockOf(sql`id`)})
        else seen < clock_timestamp() - ${SILENT_FOR}::interval end
    )
    update etl_run set status = 'failed', finished = clock_timestamp(),
      error = 'This run died before it ended; what it loaded stays, and the next run counts it'
    from dead where etl_run.id = dead.id`.execute(db);
}

function lockOf(run: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`hashtextextended('millrace import run ' || ${run}::text, 0)`;
}

/**
 * Lets a run count the chunks of these objects whose own run did not come to count them: it died, or failed on the way. So
 * what they rejected is told, and held against the limit, though nobody reads them again. Left out are those that a run
 * which succeeded has read again since.
 */
export async function takeOverChunks(trx: Transaction<ImportTables>, run: string, objects: readonly number[]) {
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
