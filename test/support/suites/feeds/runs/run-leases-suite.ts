import { sql } from "kysely";
import { csvOf, type FeedRun, load, plan, reading } from "../../../models/feeds/feed-run";
import type { FeedWorld } from "../describe-feed";

interface Leases extends FeedWorld {
  readonly options: () => FeedRun;
}

/** The minutes that are left of a run's lease. */
export async function minutesAlive({ db }: FeedWorld["database"], run: string): Promise<number> {
  const { rows } = await sql<{ minutes: number }>`select
    extract(epoch from alive_until - clock_timestamp())::float8 / 60 as minutes from import_run where run = ${run}`.execute(
    db,
  );
  return rows[0]?.minutes ?? 0;
}

/** Leaves a minute of all leases. */
export async function endSoon({ db }: FeedWorld["database"]): Promise<void> {
  await sql`update import_run set alive_until = clock_timestamp() + interval '1 minute'`.execute(db);
}

/** How a run that nobody attends stays alive: for 20 minutes after each chunk. */
export function testLeases({ database, objects, options }: Leases): void {
  test("stays alive by each chunk, for longer than any function of AWS", async () => {
    const { runId, list } = await plan(database, options());
    expect(await minutesAlive(database, runId)).toBeGreaterThan(19);
    await endSoon(database);

    for (const chunk of list) await load(database, { runId }, chunk, options());

    expect(await minutesAlive(database, runId)).toBeGreaterThan(19);
  });

  test("stays alive for as long again after a chunk ends, however long it took", async () => {
    const { runId, list } = await plan(database, options());
    await sql`create function grow_old() returns trigger language plpgsql as 'begin update import_run set alive_until = now() + interval ''1 minute''; return new; end'`.execute(
      database.db,
    );
    await sql`create trigger grow_old after insert on import_chunk execute function grow_old()`.execute(database.db);

    for (const chunk of list) await load(database, { runId }, chunk, options());
    await sql`drop function grow_old cascade`.execute(database.db);

    expect(await minutesAlive(database, runId)).toBeGreaterThan(19);
  });

  test("stays alive by a chunk that is refused, too", async () => {
    const { runId, list } = await plan(database, options());
    await endSoon(database);
    objects.put("a.csv", csvOf(reading("m3")));

    for (const chunk of list) await load(database, { runId }, chunk, options());

    expect(await minutesAlive(database, runId)).toBeGreaterThan(19);
  });
}
