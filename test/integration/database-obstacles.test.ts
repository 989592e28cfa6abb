import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Database } from "../../etl/core/database/database";
import { diagnoseFeed } from "../../etl/feeds/doctor/doctor";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { CASES_HEADER, runCovidOn } from "../support/models/covid-run";
import { csvOf, reading, readings, run } from "../support/models/feeds/feed-run";

type Tables = CovidTables & FeedTables;

describe("what stands in the way in a database", () => {
  let database: Database<Tables>;
  /** Statements, each from a line of its own on. */
  const execute = async (text: string) => {
    for (const statement of text.split(/;\n/)) await sql.raw(statement).execute(database.db);
  };
  const objects = new MemoryRangedObjects();
  objects.put("a", csvOf(reading("m1")));

  beforeAll(async () => {
    database = await openPglite<Tables>();
  });
  beforeEach(async () => {
    await execute("drop schema public cascade;\ndrop schema if exists second cascade;\ncreate schema public");
  });
  afterEach(async () => {
    await execute("reset role;\nreset default_transaction_read_only;\nset search_path = public");
    await execute("drop owned by newcomer;\ndrop role newcomer").catch(() => undefined);
  });
  afterAll(() => database.close());

  const loadOnce = () => run(database as unknown as Database<FeedTables>, { contract: readings, objects });
  const covidOnce = () =>
    runCovidOn(database as unknown as Database<CovidTables>, [CASES_HEADER, "2020-01-21,1,0"].join("\n"));
  const messageOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "it succeeded",
      (error: Error) => error.message,
    );
  const doctor = async () => {
    const openDatabase = async () => ({ db: database.db as never, close: async () => undefined });
    const checks = await diagnoseFeed({ contract: readings, objects, openDatabase });
    return checks.filter(({ ok }) => !ok);
  };

  test.each([
    ["a view of the target's name", "create view readings as select 1 as one", /readings is a view.*ALTER VIEW/],
    ["a materialized view of it", "create materialized view readings as select 1 as one", /is a materialized view/],
    ["a sequence of it", "create sequence readings", /is a sequence.*ALTER SEQUENCE/],
    ["somebody else's etl_run", "create table etl_run (note text)", /"etl_run" already exists.*schema of its own/],
    [
      "a view of a ledger's name",
      "create view import_chunk as select 1",
      /"import_chunk" already exists.*schema of its/,
    ],
    ["a database that is read-only", "set default_transaction_read_only = on", /read-only transaction.*primary/],
    ["a search path that leads nowhere", "set search_path = nowhere", /search_path nowhere.*CREATE SCHEMA/],
    ["a search path of temporary tables", "set search_path = pg_temp, public", /search_path pg_temp, public.*public/],
    [
      "a search path of the catalogue",
      "set search_path = pg_catalog, public",
      /search_path pg_catalog, public.*public/,
    ],
    [
      "a user that may not create tables",
      "create role newcomer;\ngrant usage on schema public to newcomer;\nset role newcomer",
      /permission denied.*GRANT CREATE ON SCHEMA "?public"? TO/,
    ],
  ])("%s stops an import, which says what to do, and so does the doctor", async (_, setUp, message) => {
    await execute(setUp);

    const [refused, checks] = [await messageOf(loadOnce()), await doctor()];

    expect(refused).toMatch(message);
    expect(checks).toHaveLength(1);
    expect(refused.replaceAll('"', "")).toContain(checks[0]?.fix?.replaceAll('"', "").split(" TO ")[0] ?? "no fix");
  });

  test.each([
    ["a view of the table's name", "create view covid_daily as select 1 as one", /already exists.*schema of its own/],
    ["somebody else's revision", "create table revision (note text)", /"revision" already exists.*schema of its own/],
    ["a database that is read-only", "set default_transaction_read_only = on", /read-only.*primary/],
    ["a search path of temporary tables", "set search_path = pg_temp, public", /search_path pg_temp, public.*public/],
  ])("%s stops the daily feed, which says what to do", async (_, setUp, message) => {
    await execute(setUp);

    const refused = await messageOf(covidOnce());

    expect(refused).toMatch(message);
    expect(refused).not.toContain("GRANT");
  });

  test.each([
    ["a table of the ledger that was dropped", "drop table rejected_row", /does not exist.*It was dropped or renamed/],
    ["a column that was dropped", "alter table etl_run drop column warnings", /lacks a column.*restore the column/],
    [
      "a unique index that was dropped",
      "alter table covid_daily drop constraint covid_daily_pkey",
      /CREATE UNIQUE INDEX/,
    ],
    [
      "a trigger that refuses",
      `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not today'; end $$;
create trigger refuse before insert on covid_daily for each row execute function refuse()`,
      /a trigger or function of the database refused: got not today.*ask its owner/,
    ],
  ])("%s after the first run has its own advice", async (_, spoil, message) => {
    await covidOnce();
    await execute(`truncate covid_daily;\n${spoil}`);

    const cases = [CASES_HEADER, "x,1,0", "2020-01-21,1,0"].join("\n");
    const failing = runCovidOn(database as unknown as Database<CovidTables>, cases, undefined, {
      maxRejected: { rows: 1 },
    });

    expect(await messageOf(failing)).toMatch(message);
  });

  test("a second schema of the database has tables of its own, and the doctor agrees", async () => {
    await loadOnce();
    await covidOnce();
    await execute("create schema second;\nset search_path = second");

    const checks = await doctor();
    const [imported, fed] = [await loadOnce(), await covidOnce()];

    expect(checks).toEqual([]);
    expect([imported, fed]).toMatchObject([{ inserted: 1 }, { inserted: 1 }]);
    const tablesOf = async (schema: string) => {
      const { rows } = await sql<{ name: string }>`
        select tablename as name from pg_tables where schemaname = ${schema} order by 1`.execute(database.db);
      return rows.map(({ name }) => name);
    };
    const [first, second] = [await tablesOf("public"), await tablesOf("second")];
    expect(first).toEqual(expect.arrayContaining(["covid_daily", "etl_run", "readings", "millrace_migration_covid"]));
    expect(second).toEqual(first);
  });
});
