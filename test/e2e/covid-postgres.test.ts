import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { Database } from "../../etl/core/database/database";
import type { RunFailedError } from "../../etl/core/runs/run-report";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { describeUnless } from "../support/files/real-data";
import {
  CASES_HEADER,
  emptyDatabase,
  RECOVERIES_HEADER,
  recoveryRow,
  runCovidOn,
  sourceOf,
} from "../support/models/covid-run";
import { startEtl } from "../support/processes/run-etl";
import { postgresMissing, startPostgres } from "../support/servers/postgres";
import { describeCovidMend } from "../support/suites/covid/covid-mend-suite";
import { describeCovid } from "../support/suites/covid/covid-suite";
import { describeRetention } from "../support/suites/covid/retention-suite";
import { describeWatch } from "../support/suites/covid/watch-suite";

const ROWS = 1_000_000;

describeUnless(postgresMissing, "the daily feed on PostgreSQL", () => {
  let server: PostgresServer;
  let database: Database<CovidTables>;
  const open = () => openPostgres<CovidTables>(server.url());

  beforeAll(async () => {
    server = await startPostgres();
    database = await open();
  });
  afterAll(async () => {
    await database?.close();
    await server?.remove();
  });

  describeCovid("PostgreSQL", open);
  describeCovidMend("PostgreSQL", open);
  describeRetention("PostgreSQL", open);
  describeWatch("PostgreSQL", open);

  const few = [CASES_HEADER, "2020-01-21,1,0", "2020-01-22,2,0"].join("\n");
  const statuses = () => database.db.selectFrom("etl_run").select(["status", "error"]).orderBy("started").execute();
  const days = async () => (await database.db.selectFrom("covid_daily").selectAll().execute()).length;

  test("first runs at once all succeed, one after the other", async () => {
    await emptyDatabase(database);
    const databases = await Promise.all([open(), open(), open(), open()]);
    let waited = 0;
    let onWait = (): void => undefined;
    // The first holds the lock until all others wait for it.
    const allWait = new Promise<void>((resolve) => {
      onWait = () => {
        waited += 1;
        if (waited === 3) resolve();
      };
    });
    const fetch = async () => {
      await allWait;
      return [
        sourceOf("cases", few),
        sourceOf("recoveries", [RECOVERIES_HEADER, recoveryRow("2020-01-21", 0)].join("\n")),
      ];
    };
    const reports = await Promise.all(
      databases.map((each) => runCovidOn(each, "", "", { fetch, onWait: () => onWait() })),
    );
    await Promise.all(databases.map((each) => each.close()));

    expect(reports.map(({ inserted, unchanged }) => `${inserted} ${unchanged}`).sort()).toEqual([
      "0 2",
      "0 2",
      "0 2",
      "2 0",
    ]);
    expect(waited).toBe(3);
    expect(await statuses()).toEqual(Array(4).fill({ status: "succeeded", error: null }));
  });

  test("a database that is lost under a run fails it, and no row is changed", async () => {
    await emptyDatabase(database);
    await runCovidOn(database, few);
    const lost = await open();
    const revised = few.replace(",1,0", ",9,0");
    const opened = async function* () {
      yield Buffer.from(revised);
      await server.query(
        "postgres",
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'millrace' and xact_start is not null",
      );
    };
    const fetch = async () => [
      { name: "cases", location: "memory:cases", open: async () => opened() },
      { name: "recoveries", location: "memory:recoveries", open: async () => recoveries() },
    ];
    const error: RunFailedError = await runCovidOn(lost, "", "", { fetch }).then(
      () => Promise.reject(new Error("the run succeeded")),
      (reason) => reason,
    );
    await lost.close();

    expect(error.message).toMatch(/failed in step load: .*(terminat|lost|closed)/i);
    const { cases } = await database.db
      .selectFrom("covid_daily")
      .select("cases")
      .where("date", "=", "2020-01-21")
      .executeTakeFirstOrThrow();
    expect(cases).toBe(1);
  });

  describe("a run of a million rows that is killed", () => {
    let folder: string;
    const args = ["covid", "--cases", "cases.csv", "--recoveries", "recoveries.csv", "--json", "--quiet"];

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "millrace-kill-"));
      const first = Date.parse("0001-01-01T00:00:00Z");
      const rows = Array.from(
        { length: ROWS },
        (_, day) => `${new Date(first + day * 86_400_000).toISOString().slice(0, 10)},${day},0`,
      );
      writeFileSync(join(folder, "cases.csv"), [CASES_HEADER, ...rows].join("\n"));
      writeFileSync(join(folder, "recoveries.csv"), [RECOVERIES_HEADER, recoveryRow("2020-01-22", 1)].join("\n"));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    /** Waits until the run's session executes such a statement, so that the kill strikes just there. */
    async function untilItRuns(statement: string): Promise<void> {
      for (let tries = 0; tries < 6_000; tries += 1) {
        const found = await server.query(
          "postgres",
          "select 1 from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and query ilike $1",
          [statement],
        );
        if (found.length > 0) return;
        await sleep(10);
      }
      throw new Error(`no session executed ${statement}`);
    }

    test.each([
      ["while it copies", "copy %"],
      ["while it upserts", "%with differing%"],
    ])("%s leaves no row, and the next run completes and marks it", async (_, statement) => {
      await emptyDatabase(database);
      await runCovidOn(database, few);
      const killed = startEtl(folder, args, { DATABASE_URL: server.url() });
      await untilItRuns(statement);
      killed.kill();
      await killed.end;
      const left = await days();
      const next = await startEtl(folder, args, { DATABASE_URL: server.url() }).end;

      expect(left).toBe(2);
      expect(JSON.parse(next.stdout)).toMatchObject({
        status: "succeeded",
        inserted: ROWS - 2,
        updated: 2,
        unchanged: 0,
      });
      expect(await days()).toBe(ROWS);
      expect(await statuses()).toEqual([
        { status: "succeeded", error: null },
        { status: "failed", error: expect.stringContaining("died before it ended") },
        { status: "succeeded", error: null },
      ]);
    });

    test("a server that stops meanwhile gives exit code 1 and a reason", async () => {
      await emptyDatabase(database);
      const run = startEtl(folder, args, { DATABASE_URL: server.url() });
      await untilItRuns("copy %");
      await database.close();
      await server.stop();
      const { code, stdout, stderr } = await run.end;
      await server.start();
      database = await open();

      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        status: "failed",
        error: expect.stringContaining("failed in step load"),
      });
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(await days()).toBe(0);
    });
  });
});

async function* recoveries(): AsyncGenerator<Buffer> {
  yield Buffer.from([RECOVERIES_HEADER, recoveryRow("2020-01-21", 1)].join("\n"));
}
