import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres";
import type { Database } from "../../etl/core/database";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import {
  CASES_HEADER,
  emptyDatabase,
  RECOVERIES_HEADER,
  recoveryRow,
  runCovidOn,
  sourceOf,
} from "../support/covid-run";
import { type FaultMode, type FaultTrigger, FaultyProxy } from "../support/faulty-proxy";
import { postgresMissing, startPostgres } from "../support/postgres";
import { describeUnless } from "../support/real-data";

const few = [CASES_HEADER, "2020-01-21,1,0", "2020-01-22,2,0"].join("\n");
const more = `${few}\n2020-01-23,3,0`;
const recoveries = [RECOVERIES_HEADER, recoveryRow("2020-01-21", 0)].join("\n");

/** A message of its own, not the `on commit drop` of a temporary table. */
const COMMIT = /Q[\s\S]{4}commit\0/;

/** What a lost server is called. */
const REASON = /host does not answer|connection to the database was lost|not known whether the run was kept/;
/** At the migrations: what could not be made, and why. */
const REASON_AT_MIGRATIONS =
  /tables of core could not be made: got (the server answered nothing|read ECONNRESET|Connection terminated)/;

/** From before the connection is there to after the commit was sent. */
const STAGES: readonly (readonly [string, "at once" | "while it fetches", FaultTrigger])[] = [
  ["the login", "at once", { side: "server", bytes: 10 }],
  ["the session's settings", "at once", { side: "client", pattern: /server_encoding/, strike: "after" }],
  ["the migrations", "at once", { side: "client", pattern: /millrace_migration/ }],
  ["the lock", "at once", { side: "client", pattern: /pg_try_advisory_lock/ }],
  ["the ledger", "at once", { side: "client", pattern: /insert into "etl_run"/, strike: "after" }],
  ["the stage", "while it fetches", { side: "client", pattern: /copy "millrace_stage"/ }],
  ["the upsert", "while it fetches", { side: "client", pattern: /with differing/, strike: "after" }],
  ["the commit", "while it fetches", { side: "client", pattern: COMMIT }],
];

describeUnless(postgresMissing, "a peer that goes silent or away", () => {
  let server: PostgresServer;
  let direct: Database<CovidTables>;
  let proxy: FaultyProxy;

  beforeAll(async () => {
    server = await startPostgres();
    direct = await openPostgres<CovidTables>(server.url());
    proxy = await FaultyProxy.start(server.port);
  });
  beforeEach(async () => {
    proxy.heal();
    await emptyDatabase(direct);
    await runCovidOn(direct, few);
  });
  afterAll(async () => {
    await direct?.close();
    await proxy?.close();
    await server?.remove();
  });

  /** A run through the proxy: what it said, or how it failed. */
  const runThrough = async (onFetch: () => void): Promise<{ readonly inserted: number } | Error> => {
    let database: Database<CovidTables> | undefined;
    try {
      database = await openPostgres<CovidTables>(proxy.url(server.url()), { silenceMs: 300, connectTimeoutMs: 500 });
      const fetch = async () => {
        onFetch();
        return [sourceOf("cases", more), sourceOf("recoveries", recoveries)];
      };
      return await runCovidOn(database, "", "", { fetch });
    } catch (error) {
      return error as Error;
    } finally {
      await database?.close();
    }
  };
  const days = async () => (await direct.db.selectFrom("covid_daily").selectAll().execute()).length;
  const statuses = async () => {
    const runs = await direct.db.selectFrom("etl_run").select("status").orderBy("started").execute();
    return runs.map(({ status }) => status).slice(1);
  };

  for (const mode of ["swallow", "cut", "half-close"] satisfies FaultMode[]) {
    test.each(STAGES)(
      `${mode} at %s ends the run with a reason, and nothing of it is kept`,
      async (stage, from, when) => {
        const arm = () => void proxy.arm({ mode, when });
        if (from === "at once") arm();

        const outcome = await runThrough(() => from === "while it fetches" && arm());
        proxy.heal();
        const left = await days();

        expect(outcome).toBeInstanceOf(Error);
        expect(String(outcome)).toMatch(stage === "the migrations" ? REASON_AT_MIGRATIONS : REASON);
        expect(left).toBe(2);
        expect(await statuses()).not.toContain("succeeded");
        expect(await runCovidOn(direct, more)).toMatchObject({ inserted: 1, unchanged: 2 });
      },
    );
  }

  test.each(["swallow", "cut", "half-close"] satisfies FaultMode[])(
    "%s after the commit was sent is a success, as the ledger says",
    async (mode) => {
      const when = { side: "client", pattern: COMMIT, strike: "after" } as const;

      const outcome = await runThrough(() => void proxy.arm({ mode, when }));

      expect(outcome).toMatchObject({ status: "succeeded", inserted: 1 });
      expect([await days(), await statuses()]).toEqual([3, ["succeeded"]]);
    },
  );

  test("where the ledger cannot be asked, the run says that it is not known", async () => {
    const when = { side: "client", pattern: COMMIT, strike: "after" } as const;

    const outcome = await runThrough(() => void proxy.arm({ mode: "cut", lasting: true, when }));

    expect(String(outcome)).toMatch(/not known whether the run was kept; etl_run has it if so/);
    expect([await days(), await statuses()]).toEqual([3, ["succeeded"]]);
  });

  test("a delay is waited for", async () => {
    const when = { side: "client", pattern: /with differing/ } as const;

    const outcome = await runThrough(() => void proxy.arm({ mode: "delay", delayMs: 50, when }));

    expect(outcome).toMatchObject({ status: "succeeded", inserted: 1 });
  });

  test("a server that is at work for long is not given up", async () => {
    const patient = await openPostgres<CovidTables>(server.url(), { silenceMs: 50 });

    await sql`select pg_sleep(1)`.execute(patient.db);

    await patient.close();
  });

  test.each([
    ["is at work", sql`select pg_sleep(20)`, /not done within the function's time.*still at work.*PgSleep.*nearly up/s],
    ["waits for a lock", sql`lock table taken`, /waiting for a lock that other sessions hold.*nearly up/],
  ])("a server that %s when the process's own end is near is told so, and stops", async (_, statement, told) => {
    // Prepare
    const holder = await openPostgres<CovidTables>(server.url());
    await sql`create table if not exists taken ()`.execute(holder.db);
    await sql`begin`.execute(holder.db);
    await sql`lock table taken`.execute(holder.db);
    const began = Date.now();
    const hurried = await openPostgres<CovidTables>(server.url(), { remainingMs: () => 5_200 - (Date.now() - began) });

    // Act
    const outcome = sql`begin`.execute(hurried.db).then(async () => statement.execute(hurried.db));

    // Assess
    await expect(outcome).rejects.toThrow(told);
    const left = await sql`select from pg_stat_activity where query ~ '^(select pg_sleep|lock)' and state = 'active'`;
    expect((await left.execute(holder.db)).rows).toEqual([]);
    await hurried.close();
    await holder.close();
  });
});
