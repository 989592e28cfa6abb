import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import type { RunFailedError } from "../../../../etl/core/runs/run-report";
import type { CovidTables } from "../../../../etl/pipelines/covid/tables";
import { describeUnless, realData } from "../../files/real-data";
import { CASES_HEADER, emptyDatabase, RECOVERIES_HEADER, recoveryRow, runCovidOn } from "../../models/covid-run";
import { meddler } from "../load/habits-suite";

/** What the daily feed must do, on whichever engine `open` gives. */
export function describeCovid(engine: string, open: () => Promise<Database<CovidTables>>): void {
  let database: Database<CovidTables>;

  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => emptyDatabase(database));
  afterAll(() => database?.close());

  const days = () => database.db.selectFrom("covid_daily").selectAll().orderBy("date").execute();
  const ledger = () => database.db.selectFrom("etl_run").selectAll().orderBy("started").execute();
  const failure = (work: Promise<unknown>): Promise<RunFailedError> =>
    work.then(
      () => Promise.reject(new Error("the run succeeded")),
      (error) => error,
    );

  describeUnless(realData.missing, `the real feeds of 2020 on ${engine}`, () => {
    test("254 days at first, none the second time", async () => {
      const first = await runCovidOn(database, realData.cases(), realData.recoveries());
      const second = await runCovidOn(database, realData.cases(), realData.recoveries());

      expect(first).toMatchObject({ inserted: 254, updated: 0, unchanged: 0, rejected: 0 });
      expect(first.newest).toEqual({ date: "2020-09-30", cases: 7262695, deaths: 206852, recoveries: 2840688 });
      expect(first.notifications[0]?.text).toMatch(/^There were 254 inserts and 0 updates/);
      expect(second).toMatchObject({ inserted: 0, updated: 0, unchanged: 254 });
      expect(await days()).toHaveLength(254);
      expect(first.warnings).toEqual([
        expect.stringContaining("recoveries: 230287 on 2020-05-12 is less than 232733 on 2020-05-11"),
      ]);
    });

    test("253 days where those without recoveries are dropped", async () => {
      const report = await runCovidOn(database, realData.cases(), realData.recoveries(), { join: "inner" });
      expect(report).toMatchObject({ inserted: 253, updated: 0 });
      expect((await days())[0]).toEqual({ date: "2020-01-22", cases: 1, deaths: 0, recoveries: 0 });
    });

    test("finds five revised days, three new ones and two that come twice", async () => {
      await runCovidOn(database, realData.cases(), realData.recoveries());
      const revised = ["2020-02-01", "2020-03-01", "2020-04-01", "2020-05-01", "2020-06-01"];
      const lines = realData.cases().trimEnd().split("\n");
      const changed = lines.map((line) => {
        const [date, cases, deaths] = line.split(",");
        return revised.includes(date ?? "") ? `${date},${Number(cases) + 1},${deaths}` : line;
      });
      const added = ["2020-10-01,7308000,207700", "2020-10-02,7360000,208600", "2020-10-03,7410000,209300"];
      const twice = ["2020-09-29,1,1", "2020-09-30,2,2"];
      const cases = [...changed.slice(0, 1), ...twice, ...changed.slice(1), ...added].join("\n");

      const report = await runCovidOn(database, cases, realData.recoveries());

      expect(report).toMatchObject({ inserted: 3, updated: 5, unchanged: 249 });
      expect(report.warnings.filter((warning) => warning.includes("comes twice"))).toHaveLength(2);
      expect(report.revisions.total).toBe(5);
      expect(report.revisions.first[0]).toEqual({
        table: "covid_daily",
        key: { date: "2020-02-01" },
        before: { cases: 8 },
        after: { cases: 9 },
      });
      expect(report.newest).toEqual({ date: "2020-10-03", cases: 7410000, deaths: 209300, recoveries: 2897322 });
    });
  });

  describe(`what may be wrong with a source, on ${engine}`, () => {
    const good = [CASES_HEADER, "2020-01-21,1,0", "2020-01-22,2,0"].join("\n");

    test.each([
      ["an empty file", "", /empty/],
      ["a header only", `${CASES_HEADER}\n`, /a header and no rows/],
      ["a missing column", "date,cases\n2020-01-21,1\n", /no column deaths/],
      ["another delimiter", "date;cases;deaths\n2020-01-21;1;0\n", /is ";": convert it to a comma$/],
      ["HTML instead of CSV", "<!doctype html>\n<html><body>502</body></html>\n", /web page/],
      ["Latin-1 bytes", Buffer.from(`${CASES_HEADER}\n2020-01-21,1,\xe9\n`, "latin1"), /not UTF-8.*line 2/],
      ["an unclosed quote", `${good}\n2020-01-23,"unclosed,0\n`, /line 4.*never closed/],
      ["a row of 10 MB", `${good}\n2020-01-23,${"9".repeat(10_000_000)},0\n`, /longer than 1 MiB.*line 4/],
    ])("%s ends the run with a clear error", async (_, cases, message) => {
      await runCovidOn(database, good);
      const error = await failure(runCovidOn(database, cases));

      expect(error.message).toMatch(message);
      expect(error.step).toBe("load");
      expect(await days()).toHaveLength(2);
      expect((await ledger()).map(({ status, error: reason }) => [status, reason])).toEqual([
        ["succeeded", null],
        ["failed", error.message],
      ]);
    });

    test.each([
      ["2020-02-30,3,0", "date"],
      ["2020-01-23,-5,0", "cases"],
      ["2020-01-23,1.5,0", "cases"],
      ["2020-01-23,1e400,0", "cases"],
      ["2020-01-23,3,", "deaths"],
      ["2020-01-23,a\0b,0", "cases"],
      ["'; DROP TABLE covid_daily; --,3,0", "date"],
    ])("%j is a rejected row", async (row, column) => {
      const cases = [good, row].join("\n");
      const error = await failure(runCovidOn(database, cases));
      const allowed = await runCovidOn(database, cases, undefined, { maxRejected: { rows: 1 } });

      expect(error.message).toMatch(
        new RegExp(`1, expected at most 0 \\(memory:cases, line 4 \\(cases\\)\\).*${column}: got`),
      );
      expect(allowed).toMatchObject({ inserted: 2, rejected: 1 });
      const kept = await database.db.selectFrom("rejected_row").selectAll().orderBy("id").execute();
      const expected = {
        source: "cases",
        line: 4,
        raw: row.replace("\0", "\uFFFD"),
        reason: expect.stringContaining(column),
      };
      expect(kept).toEqual([
        expect.objectContaining(expected),
        expect.objectContaining({ ...expected, run: allowed.runId }),
      ]);
    });

    test("a share of rejected rows is allowed up to its limit", async () => {
      const cases = [CASES_HEADER, ...Array.from({ length: 8 }, (_, day) => `2020-01-0${day + 1},1,0`), "x,1,0"].join(
        "\n",
      );
      const error = await failure(runCovidOn(database, cases, undefined, { maxRejected: { percent: 9 } }));
      const allowed = await runCovidOn(database, cases, undefined, { maxRejected: { percent: 10 } });
      expect(error.message).toMatch(/1 of 10, expected at most 9%/);
      expect(allowed).toMatchObject({ inserted: 8, rejected: 1 });
    });
  });

  test(`a day without a recoveries figure is unknown, not 0, on ${engine}`, async () => {
    const cases = [CASES_HEADER, "2020-01-21,1,0", "2020-01-22,2,0", "2020-01-23,3,0"].join("\n");
    const recoveries = [
      RECOVERIES_HEADER,
      recoveryRow("2020-01-21", ""),
      recoveryRow("2020-01-22", 7, "us"),
      recoveryRow("2020-01-23", 5, "Canada"),
    ].join("\n");
    await runCovidOn(database, cases, recoveries);
    expect((await days()).map((day) => day.recoveries)).toEqual([null, 7, null]);
  });

  test(`a dry run counts, and leaves nothing but its ledger row, on ${engine}`, async () => {
    const cases = [CASES_HEADER, "2020-01-21,1,0"].join("\n");
    const report = await runCovidOn(database, cases, undefined, { dryRun: true });
    expect(report).toMatchObject({ status: "dry-run", inserted: 1, newest: { date: "2020-01-21" }, notifications: [] });
    expect(await days()).toEqual([]);
    expect(await ledger()).toEqual([expect.objectContaining({ status: "dry-run", inserted: 1, unchanged: 0 })]);
  });

  test(`what a trigger of the table drops is in report, ledger, message and warning, on ${engine}`, async () => {
    // Prepare
    const rows = ["2020-01-21,1,0", "2020-01-22,2,0"];
    await runCovidOn(database, [CASES_HEADER, ...rows].join("\n"));
    for (const statement of meddler("covid_daily", "before insert", "return null;")) {
      await sql.raw(statement).execute(database.db);
    }

    // Act
    const report = await runCovidOn(database, [CASES_HEADER, ...rows, "2020-01-23,3,0"].join("\n"));

    // Assess
    expect(report).toMatchObject({ inserted: 0, updated: 0, unchanged: 2, dropped: 1, revisions: { total: 0 } });
    expect(report.notifications.map(({ text }) => text)).toEqual([
      `There were 0 inserts and 0 updates (2 unchanged, 0 rejected)\n1 row was dropped by triggers of the table\nWarning: ${report.warnings[0]}`,
    ]);
    expect(report.warnings).toEqual([expect.stringMatching(/^covid_daily: 1 row was dropped by .*\(meddler\)/)]);
    expect((await ledger()).map(({ dropped }) => dropped)).toEqual([0, 1]);
    expect((await ledger()).at(-1)).toMatchObject({ unchanged: 2, warnings: report.warnings });
  });

  test(`a run that died is marked by the next, on ${engine}`, async () => {
    const cases = [CASES_HEADER, "2020-01-21,1,0"].join("\n");
    await runCovidOn(database, cases);
    await database.db.updateTable("etl_run").set({ status: "running", finished: null }).execute();
    const report = await runCovidOn(database, cases);
    expect((await ledger()).map(({ status }) => status)).toEqual(["failed", "succeeded"]);
    expect(report.warnings).toEqual([expect.stringContaining("died before it ended")]);
  });

  test(`a failed fetch is in the ledger and reported, on ${engine}`, async () => {
    const fetch = () => Promise.reject(new Error("no such host"));
    const error = await failure(runCovidOn(database, "", "", { fetch }));
    expect(error).toMatchObject({
      step: "fetch",
      message: expect.stringMatching(/failed in step fetch: no such host/),
    });
    expect(await ledger()).toEqual([expect.objectContaining({ status: "failed", error: error.message })]);
  });
}
