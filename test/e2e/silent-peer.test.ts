import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { OF_FEW_RECORDS, runPhases } from "../faults/run-phases";
import { feedLoading } from "../faults/subjects/feed-subject";
import { type FaultMode, FaultyProxy } from "../support/feeds/faulty-proxy";
import { MODES, SilentPeers, type SilentSubject } from "../support/feeds/silent-peers";
import { askDoctor, DOCTOR_STAGES, PAGE_STAGES, readPage } from "../support/feeds/silent-readers";
import { silentCovid, silentFeed, silentFewCovid } from "../support/feeds/silent-subjects";
import { describeUnless } from "../support/files/real-data";
import { RECOVERIES_HEADER, recoveryRow, runCovidOn, sourceOf } from "../support/models/covid-run";
import { postgresMissing, startPostgres } from "../support/servers/postgres";

const phases = Object.keys(runPhases({ pipeline: "", table: "", rows: 1 }));
const SUBJECTS: readonly (readonly [
  string,
  readonly string[],
  (folder: string) => SilentSubject | Promise<SilentSubject>,
])[] = [
  ["covid", phases, silentCovid],
  ["covid with few records", OF_FEW_RECORDS, silentFewCovid],
  ["import", Object.keys(feedLoading("", 1).phases), silentFeed],
];

const MINUTES = 60_000;

describeUnless(postgresMissing, "a server that becomes silent, unreachable, half unreachable or slow", () => {
  let server: PostgresServer;
  let folder: string;

  beforeAll(async () => {
    server = await startPostgres();
    folder = mkdtempSync(join(tmpdir(), "millrace-silent-"));
  });
  afterAll(async () => {
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(SUBJECTS)("under %s", (_, names, prepare) => {
    const outcomes = new Map<string, Promise<unknown>>();

    // All at once, as they wait most of the time.
    beforeAll(async () => {
      const peers = new SilentPeers(server, await prepare(folder));
      for (const name of names) {
        const wrong = MODES.map(async (mode) => [mode, await peers.strike(name, mode).catch(String)] as const);
        outcomes.set(name, Promise.all(wrong).then(Object.fromEntries));
      }
    });

    test.each(names)(
      "%s: it ends with a reason, or waits; table, ledger and message agree, the next run completes",
      async (name) => {
        expect(await outcomes.get(name)).toEqual({ swallow: [], cut: [], "half-close": [], delay: [] });
      },
      // All of a subject's cases began together, and the slowest ends last on a busy machine.
      5 * MINUTES,
    );
  });

  describe.each([
    ["the doctor", DOCTOR_STAGES, askDoctor],
    ["the dashboard", PAGE_STAGES, readPage],
  ] as const)("under %s", (_, stages, ask) => {
    test.each(Object.entries(stages))("%s: it says so, but for a delay", async (_stage, when) => {
      const well: Partial<Record<FaultMode, boolean>> = {};
      for (const mode of MODES) {
        const proxy = await FaultyProxy.start(server.port);
        const struck = proxy.arm({ mode, delayMs: 50, when });
        well[mode] = await ask(proxy.url(server.url())).finally(() => proxy.close());
        await struck;
      }

      expect(well).toEqual({
        ...{ swallow: false, cut: false, "half-close": false },
        delay: true,
      });
    });
  });

  test("where the ledger cannot be asked, the run says that it is not known", async () => {
    // Prepare
    const proxy = await FaultyProxy.start(server.port);
    const when = { side: "client", pattern: /Q[\s\S]{4}commit\0/, strike: "after" } as const;
    const recoveries = [RECOVERIES_HEADER, recoveryRow("2020-01-21", 0)].join("\n");
    const fetch = async () => {
      void proxy.arm({ mode: "cut", lasting: true, when });
      return [sourceOf("cases", "date,cases,deaths\n2020-01-23,3,0\n"), sourceOf("recoveries", recoveries)];
    };
    const database = await openPostgres<CovidTables>(proxy.url(server.url()), { silenceMs: 300 });

    // Act
    const outcome = await runCovidOn(database, "", "", { fetch }).catch(String);
    await database.close();
    await proxy.close();

    // Assess
    const direct = await openPostgres<CovidTables>(server.url());
    const days = await direct.db.selectFrom("covid_daily").select("date").execute();
    await direct.close();
    expect(outcome).toMatch(/not known whether the run was kept; etl_run has it if so/);
    expect(days).toEqual([{ date: "2020-01-23" }]);
  });

  test("if the answer to the tables' COMMIT is lost for good, no message says that nothing was kept", async () => {
    // Prepare
    await server.query("postgres", "create database untold");
    const proxy = await FaultyProxy.start(server.port);
    const when = { side: "client", pattern: /Q[\s\S]{4}commit\0/, strike: "after" } as const;
    const database = await openPostgres<CovidTables>(proxy.url(server.url("untold")), { silenceMs: 300 });
    void proxy.arm({ mode: "cut", lasting: true, when });

    // Act
    const told = await runCovidOn(database, "", "").catch(String);
    await database.close();
    await proxy.close();

    // Assess
    const made = await server.query("untold", "select 1 from pg_class where relname = 'etl_run'");
    expect(made).toHaveLength(1);
    expect(told).toMatch(/could not be created.*It is not known whether it was committed\. Run again/s);
    expect(told).not.toMatch(/Nothing of the open transaction was kept/);
  });

  test("a session that was lost keeps no lock from the one that takes its place, and nothing but it is ended", async () => {
    // Prepare
    const proxy = await FaultyProxy.start(server.port);
    const other = await openPostgres<CovidTables>(server.url());
    const lost = await openPostgres<CovidTables>(proxy.url(server.url()), { silenceMs: 100 });
    await sql`create table held ()`.execute(lost.db);
    await sql`begin`.execute(lost.db);
    await sql`lock table held`.execute(lost.db);
    void proxy.arm({ mode: "swallow", when: { side: "client", pattern: /commit/ } });
    await sql`commit`.execute(lost.db).catch(() => undefined);

    // Act
    const next = await lost.reopen?.();

    // Assess
    await sql`begin`.execute(next?.db as typeof lost.db);
    await sql`lock table held nowait`.execute(next?.db as typeof lost.db);
    await sql`select 1`.execute(other.db);
    for (const each of [next, other, lost]) await each?.close();
    await proxy.close();
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
