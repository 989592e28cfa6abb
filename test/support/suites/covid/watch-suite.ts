import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import type { CovidTables } from "../../../../etl/pipelines/covid/tables";
import { CASES_HEADER, emptyDatabase, RECOVERIES_HEADER, recoveryRow, runCovidOn } from "../../models/covid-run";

const day = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10);
const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** So many days of growing counts. */
const cases = (count: number, header = CASES_HEADER) =>
  [header, ...range(count).map((index) => `${day(index)},${index + 1},${index}`)].join("\n");
const recoveries = (count: number, header = RECOVERIES_HEADER) =>
  [header, ...range(count).map((index) => recoveryRow(day(index), index))].join("\n");

/** What a run tells of its feed though it succeeds, on one engine. */
export function describeWatch(engine: string, open: () => Promise<Database<CovidTables>>): void {
  describe(`what a run tells of its feed, on ${engine}`, () => {
    let database: Database<CovidTables>;
    beforeAll(async () => {
      database = await open();
    });
    beforeEach(() => emptyDatabase(database));
    afterAll(() => database.close());

    const run = (...args: Parameters<typeof runCovidOn> extends [unknown, ...infer Rest] ? Rest : never) =>
      runCovidOn(database, ...args);
    const fiveRuns = async () => {
      for (let times = 0; times < 5; times += 1) await run(cases(10), recoveries(10));
    };
    /** As if all runs so far had been so many days ago. */
    const age = (days: number) =>
      sql`update etl_run set started = started - make_interval(days => ${days})`.execute(database.db);

    test("a newest record that is old: no news, in the warnings and in the message behind the counts", async () => {
      const options = { checks: { staleDays: 7 } };
      const old = await run(cases(3), recoveries(3), { ...options, today: "2029-09-09" });
      const young = await run(cases(3), recoveries(3), { ...options, today: "2026-01-10" });

      expect(old.warnings).toEqual([expect.stringMatching(/^no news since 2026-01-03 \(1,345 days\): ask /)]);
      expect(old.notifications[0]?.text).toMatch(
        /^There were 3 inserts and 0 updates .*\nWarning: no news since 2026-01-03 \(1,345 days\)/,
      );
      expect(young.warnings).toEqual([]);
      expect(young.notifications[0]?.text).not.toContain("Warning");
    });

    test("a newest record of a day to come, but for tomorrow", async () => {
      const options = { checks: { staleDays: 7 } };
      const late = await run(cases(3), recoveries(3), { ...options, today: "2026-01-01" });
      const tomorrow = await run(cases(3), recoveries(3), { ...options, today: "2026-01-02" });

      expect(late.warnings).toEqual(["the newest day, 2026-01-03, is still to come: check the dates of the sources"]);
      expect(tomorrow.warnings).toEqual([]);
    });

    test("one source that stops while the other continues", async () => {
      const options = { checks: { staleDays: 7 }, today: new Date().toISOString().slice(0, 10) };
      const fresh = (count: number) => `${cases(count)}\n${options.today},${count + 10},${count + 10}`;
      await run(fresh(3), recoveries(2), options);
      await age(4);
      await run(fresh(3), recoveries(3), options);
      await age(9);
      const report = await run(fresh(4), recoveries(3), options);

      expect(report.warnings).toContainEqual(expect.stringMatching(/^recoveries: no change since .* \(9 days\): ask/));
      expect(report.warnings.join("\n")).not.toMatch(/cases: no change/);
    });

    test("counts from the beginning that stand still, are 0 or unknown at the end", async () => {
      const stands = [CASES_HEADER, ...range(12).map((index) => `${day(index)},${Math.min(index, 3) + 7},${index}`)];
      const zeros = [RECOVERIES_HEADER, ...range(12).map((index) => recoveryRow(day(index), index < 9 ? 1234 : 0))];
      const checks = { staleDays: 7 };
      const first = await run(stands.join("\n"), zeros.join("\n"), { checks, today: day(12) });
      const second = await run(cases(12), recoveries(3), { checks, today: day(12) });

      expect(first.warnings).toContainEqual(
        expect.stringMatching(/^cases: stands still at 10 since 2026-01-04 \(8 days\): ask/),
      );
      expect(first.warnings).toContainEqual(expect.stringMatching(/^recoveries: 0 from 2026-01-10 on, after 1,234: /));
      expect(first.warnings.join("\n")).not.toMatch(/deaths: stands/);
      expect(second.warnings).toContainEqual(
        expect.stringMatching(/^recoveries: unknown from 2026-01-04 on, after 2: /),
      );
    });

    test("new, vanished and reordered columns, once each, by name", async () => {
      const withNew = cases(3)
        .replaceAll(/^(.*)$/gm, "$1,x")
        .replace(/,x/, ",tests");
      const reordered = withNew.replaceAll(/^([^,]*),([^,]*),([^,]*),(.*)$/gm, "$4,$1,$2,$3");
      await run(cases(3), recoveries(3));
      const added = await run(withNew, recoveries(3));
      const again = await run(withNew, recoveries(3));
      const moved = await run(reordered, recoveries(3));
      const gone = await run(cases(3), recoveries(3));

      expect(added.warnings).toEqual([expect.stringMatching(/^cases: the columns .* changed: new are tests\. /)]);
      expect(again.warnings).toEqual([]);
      expect(moved.warnings).toEqual([expect.stringMatching(/another order: tests, date, cases, deaths\. /)]);
      expect(gone.warnings).toEqual([
        expect.stringMatching(/changed: gone are tests\. No column of the contract is missing\. Ask/),
      ]);
    });

    test("a column that became empty, once, and what is NULL now that was known", async () => {
      const empty = [RECOVERIES_HEADER, ...range(3).map((index) => recoveryRow(day(index), ""))].join("\n");
      await run(cases(3), recoveries(3));
      const first = await run(cases(3), empty);
      const second = await run(cases(3), empty);

      expect(first.warnings).toEqual([
        expect.stringMatching(/^recoveries: no row has a value in Recovered any more\. /),
        expect.stringMatching(
          /^covid_daily: recoveries was known and is NULL now in 3 records, the first .*2026-01-01/,
        ),
      ]);
      expect(second.warnings).toEqual([]);
    });

    test("days that a source leaves out and that were known", async () => {
      await run(cases(3), recoveries(3));
      const report = await run(cases(3), recoveries(2));

      expect(report.warnings).toEqual([expect.stringMatching(/NULL now in 1 record, the first .*2026-01-03/)]);
    });

    test("rows and bytes far from the usual, once five runs say what that is", async () => {
      const early = await run(cases(10), recoveries(10));
      const alsoEarly = await run(cases(40), recoveries(10));
      await fiveRuns();
      const half = await run(cases(5), recoveries(10));
      const few = await run(cases(4), recoveries(10));
      const many = await run(cases(21), recoveries(10), { checks: { sizeFactor: 3 } });
      const wide = await run(cases(10).replace(/$/, " ".repeat(900)), recoveries(10), { maxRejected: { rows: 1 } });

      expect([early, alsoEarly, half, many].flatMap(({ warnings }) => warnings)).toEqual([]);
      expect(few.warnings).toEqual([
        expect.stringMatching(/^cases: 4 rows, usually about 10 rows, the median of the last 8\. Check /),
      ]);
      expect(wide.warnings).toContainEqual(expect.stringMatching(/^cases: [\d,]+ bytes, usually about \d+ bytes/));
    });

    test("a size far from the usual fails where the checks say so, and nothing is loaded", async () => {
      await fiveRuns();

      await expect(run(cases(30), recoveries(10), { checks: { onUnusualSize: "fail" } })).rejects.toThrow(
        /far from its usual size.*got 30 rows, expected about 10 rows.*cases.*onUnusualSize/,
      );
      expect(await database.db.selectFrom("covid_daily").select("date").execute()).toHaveLength(10);
    });

    test("a share of rejected rows that is more than twice the usual", async () => {
      await fiveRuns();
      const broken = `${cases(10)}\n2026-01-11,x,0`;
      const report = await run(broken, recoveries(10), { maxRejected: { percent: 50 } });

      expect(report.warnings).toEqual([
        expect.stringMatching(/^1 of 21 rows were rejected \(4\.76%\), usually 0% are\. /),
      ]);
    });

    describe("no row of the United States as a whole", () => {
      const provinces = [
        RECOVERIES_HEADER,
        "2026-01-01,US,California,0,0,0,60,0",
        recoveryRow("2026-01-01", 1, "France"),
      ];
      const renamed = [RECOVERIES_HEADER, recoveryRow("2026-01-01", 60, "United States")];
      const known = () =>
        database.db.selectFrom("covid_daily").select(["cases", "recoveries"]).orderBy("date").execute();

      test.each([
        ["provinces only", provinces, /only provinces of US, such as "California"/],
        ["another name", renamed, /got "United States" as a country/],
        ["others only", [RECOVERIES_HEADER, recoveryRow("2026-01-01", 1, "France")], /other countries only/],
        [
          "rejected ones only",
          [RECOVERIES_HEADER, recoveryRow("11/27/26", 5), recoveryRow("11/28/26", 6)],
          /got 2 such rows, all of them rejected, .*The first one, line 2: .*got "11\/27\/26"/,
        ],
      ])("%s: fails, and what was known stays", async (_, rows, got) => {
        await run(cases(2), recoveries(2));

        await expect(run(cases(3), rows.join("\n"))).rejects.toThrow(got);
        expect(await known()).toMatchObject([{ recoveries: 0 }, { recoveries: 1 }]);
      });

      test.each(["left", "inner"] as const)("is kept and reported if the settings say so, joined %s", async (join) => {
        await run(cases(2), recoveries(2), { join });
        const report = await run(cases(3), provinces.join("\n"), { join, missingRecoveries: "keep" });

        expect(report.warnings).toEqual([expect.stringMatching(/no row for the United States.*provinces.*are kept/)]);
        const days = await known();
        expect(days.map((each) => each.recoveries)).toEqual(join === "left" ? [0, 1, null] : [0, 1]);
        expect(report).toMatchObject({ updated: 0, unchanged: 2 });
      });
    });
  });
}
