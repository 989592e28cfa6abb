import type { Database } from "../../../../etl/core/database/database";
import { LiveDatabase } from "../../../../etl/core/database/live-database";
import { covidSeries } from "../../../../etl/pipelines/covid/report-series";
import type { CovidTables } from "../../../../etl/pipelines/covid/tables";
import { undoCovid } from "../../../../etl/pipelines/covid/undo-covid";
import { readReport } from "../../../../etl/report/read-report";
import { readTablePage } from "../../../../etl/report/table/read-table-page";
import { renderTablePage } from "../../../../etl/report/table/render-table-page";
import { CASES_HEADER, emptyDatabase, RECOVERIES_HEADER, recoveryRow, runCovidOn } from "../../models/covid-run";

const RECOVERIES = [RECOVERIES_HEADER, recoveryRow("2020-01-21", 7)].join("\n");

/** The table of a page as its runs left it, on whichever engine `open` gives. */
export function describeAfterRuns(engine: string, open: () => Promise<Database<CovidTables>>): void {
  let database: Database<CovidTables>;
  const load = async (...rows: readonly string[]) => {
    const { runId } = await runCovidOn(database, [CASES_HEADER, ...rows].join("\n"), RECOVERIES);
    return runId;
  };
  const report = () => readReport(database.db, { pipeline: "covid", series: covidSeries });
  const page = (hide: readonly string[] = []) =>
    readTablePage(database.db, { pipeline: "covid", table: "covid_daily" }, { hide });
  const told = (after: Awaited<ReturnType<typeof report>>["after"]) =>
    Object.fromEntries(after.map(({ run, figures }) => [run, figures.map(({ value }) => value).join(" ")]));

  describe(`the table as runs left it, from ${engine}`, () => {
    const runs: string[] = [];

    beforeAll(async () => {
      database = await open();
      await emptyDatabase(database);
      runs.push(await load("2020-01-21,1,2"));
      runs.push(await load("2020-01-21,5,2", "2020-01-22,9007199254740990,3"));
      runs.push(await load("2020-01-21,5,2", "2020-01-22,9007199254740990,3"));
      const wanted = { run: runs[1] ?? "", by: "ann", isCascade: false };
      runs.push((await undoCovid(new LiveDatabase(database), wanted, () => undefined)).runId ?? "");
    });
    afterAll(() => database?.close());

    test("has each run's own figures, of one that changed nothing those of before, and of an undo what it gave back", async () => {
      const [first = "", changed = "", idle = "", undo = ""] = runs;

      const { after } = await report();

      expect(after[0]?.figures.map(({ title }) => title)).toEqual([
        ...["Rows", "Newest day", "Cases", "Deaths", "Recoveries"],
      ]);
      expect(told(after)).toEqual({
        [undo]: "1 2020-01-21 1 2 7",
        [idle]: "2 2020-01-22 9007199254740990 3 ",
        [changed]: "2 2020-01-22 9007199254740990 3 ",
        [first]: "1 2020-01-21 1 2 7",
      });
    });

    test("is on the table's page in sums, without hidden columns, and with what each run read and changed", async () => {
      const whole = await page();
      const html = renderTablePage(whole);
      const hidden = await page(["cases"]);

      if (whole.after === undefined || !("value" in whole.after)) throw new Error("it was not read");
      expect(told(whole.after.value)[runs[1] ?? ""]).toBe("2 2020-01-22 9007199254740995 5 7");
      expect(html).toContain("cases (sum): 9,007,199,254,740,995");
      expect(html).toContain("<dd>cases: 2 rows</dd>");
      expect(html.match(/covid_daily\.cases: 1 record, of 2020-01-21, by (4|\u22124) in all/g)).toHaveLength(2);
      expect(JSON.stringify(hidden.after)).not.toContain("cases");
      expect(renderTablePage(hidden)).not.toContain("covid_daily.cases");
    });

    test("is not told of runs before its history, and no page fails for that", async () => {
      await database.db
        .updateTable("load_history")
        .set({ kept: "none" })
        .where("run", "=", runs[1] ?? "")
        .execute();
      const partly = await report();
      await database.db.updateTable("load_history").set({ kept: "none" }).execute();
      const none = await report();

      expect(Object.keys(told(partly.after))).toHaveLength(3);
      expect(told(none.after)).toEqual({ [runs[3] ?? ""]: "1 2020-01-21 1 2 7" });
    });
  });
}
