import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import { covidSeries } from "../../../../etl/pipelines/covid/report-series";
import type { CovidTables } from "../../../../etl/pipelines/covid/tables";
import { readReport } from "../../../../etl/report/read-report";
import { renderReport } from "../../../../etl/report/render-report";
import { revisedColumns } from "../../../../etl/report/revised-columns";
import { CASES_HEADER, emptyDatabase, RECOVERIES_HEADER, recoveryRow, runCovidOn } from "../../models/covid-run";

const RECOVERIES = [RECOVERIES_HEADER, recoveryRow("2020-01-21", 7), recoveryRow("2020-01-22", "")].join("\n");

/** What a report must say, on whichever engine `open` gives. */
export function describeReport(engine: string, open: () => Promise<Database<CovidTables>>): void {
  let database: Database<CovidTables>;
  const report = (pipeline = "covid") => readReport(database.db, { pipeline, series: covidSeries });
  const load = (rows: readonly string[]) =>
    runCovidOn(database, [CASES_HEADER, ...rows].join("\n"), RECOVERIES, { maxRejected: { rows: 10 } });

  describe(`a report from ${engine}`, () => {
    beforeAll(async () => {
      database = await open();
    });
    beforeEach(() => emptyDatabase(database));
    afterAll(() => database?.close());

    test("before the first run it is empty", async () => {
      const empty = await report();
      expect(empty).toMatchObject({ series: { days: [] }, runs: { shown: [], total: 0 }, warnings: { total: 0 } });
      expect(renderReport(empty)).toContain("No figures yet");
    });

    test("tells figures, runs, revisions, rejected rows and warnings as the database has them", async () => {
      await load(["2020-01-21,9007199254740991,2", "2020-01-22,9007199254740990,2"]);
      await load(["2020-01-21,9007199254740991,3", "2020-01-25,5,4", "2020-02-30,1,1"]);

      const { series, runs, radar, revisions, rejections, warnings } = await report();

      expect(series).toEqual({
        days: ["2020-01-21", "2020-01-22", "2020-01-23", "2020-01-25"],
        values: [
          { column: "cases", title: "Cases", figures: [9007199254740991, 9007199254740990, null, 5] },
          { column: "deaths", title: "Deaths", figures: [3, 2, null, 4] },
          { column: "recoveries", title: "Recoveries", figures: [7, null, null, null] },
        ],
      });
      expect(runs.total).toBe(2);
      expect(runs.shown[0]).toMatchObject({ status: "succeeded", inserted: 1, updated: 1, unchanged: 0, rejected: 1 });
      expect(runs.shown[0]?.started).toBeInstanceOf(Date);
      expect(radar).toMatchObject({
        shown: [{ column: "deaths", records: 1, days: 1, oldest: "2020-01-21", newest: "2020-01-21", sum: "1" }],
        total: 1,
      });
      expect(revisions.total).toBe(1);
      expect(revisions.shown[0]).toMatchObject({
        key: { date: "2020-01-21" },
        before: { deaths: 2 },
        after: { deaths: 3 },
      });
      expect(rejections.total).toBe(1);
      expect(rejections.shown[0]).toMatchObject({ source: "cases", line: 4, raw: "2020-02-30,1,1" });
      expect(warnings.shown).toEqual([expect.stringContaining("is less than 9007199254740991 on 2020-01-21")]);
    });

    test("a ledger and revisions of the version before are read as they are, and taken over by the next run", async () => {
      // Prepare: a whole image for each revision, no count of what was dropped.
      await load(["2020-01-21,1,2", "2020-01-22,2,2"]);
      await load(["2020-01-21,1,3", "2020-01-22,2,2"]);
      await sql`update revision set before = '{"cases": 1, "deaths": 2, "recoveries": 7}',
        after = '{"cases": 1, "deaths": 3, "recoveries": 7}'`.execute(database.db);
      await sql`alter table etl_run drop column dropped, drop column superseded, drop column mended_by, drop column removed, drop column undoes, drop column code, drop column result`.execute(
        database.db,
      );
      await sql`drop table mended_row, rejected_header, load_history, inserted_key, removed_row`.execute(database.db);
      await sql`alter table revision drop column load`.execute(database.db);
      await sql`delete from millrace_migration_core where name >= '003-dropped-records'`.execute(database.db);
      const changesOf = async () => {
        const { revisions } = await report();
        return revisions.shown.map((revision) => revisedColumns(revision));
      };

      // Act
      const [before, changesBefore] = [await report(), await changesOf()];
      await load(["2020-01-21,1,3", "2020-01-22,5,2"]);
      const [after, changesAfter] = [await report(), await changesOf()];

      // Assess
      const deaths = [{ column: "deaths", before: "2", after: "3" }];
      expect(changesBefore).toEqual([deaths]);
      expect(changesAfter).toEqual([[{ column: "cases", before: "2", after: "5" }], deaths]);
      expect(before.runs.shown.map(({ dropped }) => dropped)).toEqual([null, null]);
      expect(after.runs.shown.map(({ dropped, updated }) => [dropped, updated])).toEqual([
        [0, 1],
        [null, 1],
        [null, 0],
      ]);
      expect(after.revisions.shown[0]).toMatchObject({ before: { cases: 2 }, after: { cases: 5 } });
      expect(Object.keys(after.revisions.shown[0]?.before ?? {})).toEqual(["cases"]);
      expect(renderReport(after)).not.toContain('data-label="Dropped"');
    });

    test("says nothing of another pipeline's runs", async () => {
      await load(["2020-01-21,1,2", "2020-02-30,1,1"]);
      const other = await report("orders");
      expect(other).toMatchObject({ runs: { total: 0 }, rejections: { total: 0 }, warnings: { total: 0 } });
    });

    test("stays light with 2,000 days, 1,000 runs and many findings", async () => {
      await load(["2020-01-21,1,2"]);
      await sql`insert into covid_daily
        select '2020-01-22'::date + day, day * 1000003, day * 20011, day * 500009 from generate_series(0, 1999) day`.execute(
        database.db,
      );
      await sql`insert into etl_run (id, pipeline, status, started, finished, error)
        select gen_random_uuid(), 'covid', 'failed', now() - run * interval '1 day', now(), repeat('<', 5000)
        from generate_series(1, 1000) run`.execute(database.db);
      const run = randomUUID();
      await database.db.insertInto("etl_run").values({ id: run, pipeline: "covid", status: "running" }).execute();
      await sql`insert into rejected_row (run, source, line, reason, raw)
        select ${run}::uuid, 'cases', line, 'reason', repeat('"', 1000) from generate_series(1, 5000) line`.execute(
        database.db,
      );

      const data = await report();

      expect(data.series.days).toHaveLength(2001);
      expect([data.runs.shown.length, data.runs.total]).toEqual([100, 1002]);
      expect([data.rejections.shown.length, data.rejections.total]).toEqual([100, 5000]);
      expect(data.rejections.shown.map(({ line }) => line).slice(0, 2)).toEqual([1, 2]);
      expect(Buffer.byteLength(renderReport(data))).toBeLessThan(1_000_000);
    });
  });
}
