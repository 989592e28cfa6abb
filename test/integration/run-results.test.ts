import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Database } from "../../etl/core/database/database";
import { LiveDatabase } from "../../etl/core/database/live-database";
import { summariseFeed } from "../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { RECOVERIES_HEADER, recoveryRow, runCovidOn } from "../support/models/covid-run";
import { csvOf, load, plan, reading, readings, run } from "../support/models/feeds/feed-run";
import { returnLedger } from "../support/models/feeds/older-ledger";

const cases = (...rows: readonly string[]) => ["date,cases,deaths", ...rows].join("\n");
const days = (count: number) =>
  Array.from({ length: count }, (_, at) => {
    const day = new Date(Date.UTC(2000, 0, 1 + at)).toISOString().slice(0, 10);
    return `${day},${at},${at}`;
  });

describe("what the run ledger keeps of a run's rows", () => {
  let database: Database<CovidTables & FeedTables>;
  const covid = () => database as unknown as Database<CovidTables>;
  const feeds = () => database as unknown as Database<FeedTables>;
  const resultOf = async (runId: string) =>
    (await sql<{ result: string | null }>`select result from etl_run where id = ${runId}`.execute(database.db)).rows[0]
      ?.result;

  beforeAll(async () => {
    database = await openPglite();
  });
  afterAll(() => database?.close());

  test("covid: the same bytes have the same hash, whatever the table had; another value or order has another", async () => {
    const recoveries = [RECOVERIES_HEADER, recoveryRow("2020-01-21", 1), recoveryRow("2020-01-22", 2)].join("\n");
    const first = cases("2020-01-21,1,0", "2020-01-22,2,0");
    const runs = [];
    for (const content of [first, cases("2020-01-21,9,9"), first, cases("2020-01-21,1,0", "2020-01-22,2,1")]) {
      runs.push(await resultOf((await runCovidOn(covid(), content, recoveries)).runId));
    }
    const reversed = await runCovidOn(covid(), cases("2020-01-22,2,0", "2020-01-21,1,0"), recoveries);
    const kept = [...runs, await resultOf(reversed.runId)];

    expect(kept).toEqual(kept.map(() => expect.stringMatching(/^[0-9a-f]{64}$/)));
    expect(kept[2]).toBe(kept[0]);
    expect(new Set(kept).size).toBe(4);
  });

  test("covid: by COPY as without it, and in batches of any size", async () => {
    const recoveries = [RECOVERIES_HEADER, recoveryRow("2000-01-01", 1)].join("\n");
    const few = await resultOf((await runCovidOn(covid(), cases(...days(1_999)), recoveries)).runId);
    await sql`create function pass() returns trigger language plpgsql as $$ begin return new; end $$`.execute(
      database.db,
    );
    await sql`create trigger pass before insert on covid_daily for each row execute function pass()`.execute(
      database.db,
    );
    const copied = await resultOf((await runCovidOn(covid(), cases(...days(1_999)), recoveries)).runId);
    await sql`drop function pass cascade`.execute(database.db);
    expect(copied).toBe(few);
  });

  test("a feed: a hash for each chunk and for the run, whatever the table had and the order of the chunks' loads", async () => {
    const objects = new MemoryRangedObjects();
    objects.put("a.csv", csvOf(reading("m1"), reading("m2", { value: "2.50" })));
    objects.put("b.csv", csvOf(reading("m1", { value: "7.00" })));
    const first = await run(feeds(), { contract: readings, objects });
    const planned = await plan(feeds(), { contract: readings, objects, full: true });
    for (const chunk of [...planned.list].reverse())
      await load(feeds(), planned, chunk, { contract: readings, objects });
    await summariseFeed(new LiveDatabase(feeds()), readings, planned.runId);
    const { rows } = await sql<{ chunks: string[] }>`select array_agg(result order by object) as chunks
      from import_chunk group by run`.execute(database.db);
    objects.put("b.csv", csvOf(reading("m1", { value: "7.01" })));
    const another = await run(feeds(), { contract: readings, objects, full: true });

    expect(rows[0]?.chunks).toEqual([0, 1].map(() => expect.stringMatching(/^[0-9a-f]{64}$/)));
    expect(rows[1]).toEqual(rows[0]);
    expect(await resultOf(planned.runId)).toBe(await resultOf(first.runId));
    expect(await resultOf(another.runId)).toMatch(/^[0-9a-f]{64}$/);
    expect(await resultOf(another.runId)).not.toBe(await resultOf(first.runId));
  });

  test("runs and chunks of the version before have none, and lose nothing", async () => {
    // Prepare
    const before = await sql`select id, status, inserted, sources from etl_run order by id`.execute(database.db);
    await returnLedger(database.db, "009-proof");
    await sql`alter table etl_run drop column code, drop column result`.execute(database.db);
    await sql`delete from millrace_migration_core where name >= '008-proof'`.execute(database.db);
    const chunks = await sql`select count(*) from import_chunk`.execute(database.db);

    // Act
    const objects = new MemoryRangedObjects();
    objects.put("c.csv", csvOf(reading("m3")));
    const { runId } = await run(feeds(), { contract: readings, objects });

    // Assess
    const after = await sql`select id, status, inserted, sources from etl_run where result is null order by id`.execute(
      database.db,
    );
    expect(after.rows).toEqual(before.rows);
    expect((await sql`select count(*) from import_chunk where result is null`.execute(database.db)).rows).toEqual(
      chunks.rows,
    );
    expect(await resultOf(runId)).toMatch(/^[0-9a-f]{64}$/);
  });
});
