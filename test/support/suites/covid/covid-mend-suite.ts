import type { Database } from "../../../../etl/core/database/database";
import { LiveDatabase } from "../../../../etl/core/database/live-database";
import { covidContract, mendCovid } from "../../../../etl/pipelines/covid/mend-covid";
import type { CovidTables } from "../../../../etl/pipelines/covid/tables";
import { undoCovid } from "../../../../etl/pipelines/covid/undo-covid";
import { readReport } from "../../../../etl/report/read-report";
import { readFreshness } from "../../../../etl/report/table/read-freshness";
import { CASES_HEADER, emptyDatabase, RECOVERIES_HEADER, recoveryRow, runCovidOn } from "../../models/covid-run";
import { corrected, statesOf } from "../../models/mending";

const CASES = [CASES_HEADER, "2020-01-21,1,0", "2020-01-22,-2,0", "2020-01-23,3,0"].join("\n");
const RECOVERIES = [RECOVERIES_HEADER, recoveryRow("2020-01-21", 0), recoveryRow("2020-01-23", -7)].join("\n");

/** Rejected rows of `covid` that a person corrects, on whichever engine `open` gives. */
export function describeCovidMend(engine: string, open: () => Promise<Database<CovidTables>>): void {
  describe(`rejected rows of covid on ${engine}, corrected by a person,`, () => {
    let database: Database<CovidTables>;
    const load = (cases = CASES, recoveries = RECOVERIES, options = {}) =>
      runCovidOn(database, cases, recoveries, { maxRejected: { rows: 5 }, ...options });
    const correct = (...replaced: readonly (readonly [string, string])[]) =>
      corrected(database, "covid", covidContract, ...replaced);
    const mend = async (file: Awaited<ReturnType<typeof correct>>) =>
      mendCovid(new LiveDatabase(database), { file, by: "ann" }, () => undefined);
    const days = async () => {
      const rows = await database.db.selectFrom("covid_daily").selectAll().orderBy("date").execute();
      return rows.map(({ date, cases, recoveries }) => `${date} ${cases} ${recoveries}`);
    };

    beforeAll(async () => {
      database = await open();
    });
    beforeEach(() => emptyDatabase(database));
    afterAll(() => database?.close());

    test("are loaded by their own contracts; the next run of the same sources leaves them, a corrected source wins", async () => {
      // Prepare
      await load();
      const file = await correct(["'-2", "2"], [",'-7,", ",7,"]);

      // Act
      const first = await mend(file);
      const [mended, again] = [await days(), await mend(file)];
      await load();
      const [after, states] = [await days(), await statesOf(database, "covid")];
      await load(CASES.replace(",-2,", ",20,"), RECOVERIES.replace(",-7,", ",70,"));

      // Assess
      expect(first).toMatchObject({ mended: 2, inserted: 1, updated: 1, left: [] });
      expect(again).toMatchObject({ runId: null, inserted: 0, updated: 0, before: 2 });
      expect(mended).toEqual(["2020-01-21 1 0", "2020-01-22 2 null", "2020-01-23 3 7"]);
      expect(after).toEqual(mended);
      expect(states).toEqual({ open: 0, mended: 4, superseded: 0 });
      expect(await days()).toEqual(["2020-01-21 1 0", "2020-01-22 20 null", "2020-01-23 3 70"]);
      expect(await statesOf(database, "covid")).toEqual({ open: 0, mended: 2, superseded: 2 });
    });

    test.each([
      ["full", { values: true, keys: true }, undefined],
      [
        "changes",
        { values: true, keys: false },
        /Not all is kept of what this run changed.*kept changes of covid_daily/,
      ],
      ["none", { values: false, keys: false }, /There is nothing to go back to: covid kept no history/],
    ] as const)(
      "keep of what they change as much as runs do: %s, and all of that can be undone",
      async (kept, has, refusal) => {
        // Prepare: a run that adds, one that changes, a mend, and a run that gives the mended day its recoveries.
        const changed = CASES.replace("2020-01-23,3", "2020-01-23,4");
        await load(CASES, RECOVERIES, { kept });
        await load(changed, RECOVERIES, { kept });
        const file = await correct(["'-2", "2"], [",'-7,", ",7,"]);
        const commits: string[] = [];
        const mending = { file, by: "ann", onCommit: (run: string) => commits.push(run) };
        const { runId } = await mendCovid(new LiveDatabase(database), mending, () => undefined, kept);
        expect(commits).toEqual([runId]);
        const before = await days();
        const last = await load(changed, `${RECOVERIES}\n${recoveryRow("2020-01-22", 9)}`, { kept });

        // Act
        const found = await database.db.selectFrom("load_history").select(["run", "kept"]).execute();
        const values = await database.db.selectFrom("revision").selectAll().execute();
        const keys = await database.db.selectFrom("inserted_key").selectAll().execute();
        const wanted = { run: last.runId, by: "ann", isCascade: false };
        const undoing = undoCovid(new LiveDatabase(database), wanted, () => undefined).then(
          () => undefined,
          (error: Error) => error.message,
        );

        // Assess
        const says = await undoing;
        expect([...new Set(found.map((row) => row.kept))]).toEqual([kept]);
        expect(new Set(found.map(({ run }) => run)).size).toBe(4);
        expect({ values: values.length > 0, keys: keys.length > 0 }).toEqual(has);
        if (refusal === undefined) expect([says, await days()]).toEqual([undefined, before]);
        else expect(says).toMatch(refusal);
      },
    );

    test("are superseded once a run has read their source without them", async () => {
      await load();
      const file = await correct(["'-2", "2"], [",'-7,", ",7,"]);
      await load(CASES.replace(",-2,", ",20,"), RECOVERIES.replace(",-7,", ",70,"));

      expect(await mend(file)).toMatchObject({ runId: null, mended: 0, outdated: 2, left: [] });
      expect(await days()).toEqual(["2020-01-21 1 0", "2020-01-22 20 null", "2020-01-23 3 70"]);
      expect(await statesOf(database, "covid")).toEqual({ open: 0, mended: 0, superseded: 2 });
    });

    test("are open where they come again after a run had them right: the table has what that said", async () => {
      await load();
      await mend(await correct(["'-2", "2"], [",'-7,", ",7,"]));
      await load(CASES.replace(",-2,", ",20,"), RECOVERIES.replace(",-7,", ",70,"));

      await load();

      expect(await statesOf(database, "covid")).toEqual({ open: 2, mended: 2, superseded: 0 });
      expect(await days()).toEqual(["2020-01-21 1 0", "2020-01-22 20 null", "2020-01-23 3 null"]);
    });

    test("get the recoveries of their day from the source, with the next run", async () => {
      const recoveries = [RECOVERIES, recoveryRow("2020-01-22", 5)].join("\n");
      await load(CASES, recoveries);
      await mend(await correct(["'-2", "2"]));

      const first = await load(CASES, recoveries);
      const second = await load(CASES, recoveries.replace(",5,", ",6,"));
      const third = await load(CASES, recoveries.replace(",5,", ",6,"));

      expect([first, second, third].map(({ updated }) => updated)).toEqual([1, 1, 0]);
      expect(await days()).toEqual(["2020-01-21 1 0", "2020-01-22 2 6", "2020-01-23 3 null"]);
    });

    test("leave the days that the source has to its own rules: an inner join keeps what is known of one without a figure", async () => {
      const inner = { join: "inner" };
      const recoveries = [RECOVERIES_HEADER, recoveryRow("2020-01-21", 0), recoveryRow("2020-01-23", 7)].join("\n");
      await load(CASES, recoveries, inner);
      await mend(await correct(["'-2", "2"]));
      // A day with recoveries alone, and one of which the source no longer has the figure.
      const later = [recoveries.replace(",7,", ",,"), recoveryRow("2020-01-22", 5), recoveryRow("2020-01-24", 9)].join(
        "\n",
      );

      const { updated } = await load(CASES, later, inner);

      expect(await days()).toEqual(["2020-01-21 1 0", "2020-01-22 2 5", "2020-01-23 3 7"]);
      expect(updated).toBe(1);
    });

    test("of one day are one row: the last of a file is loaded, and the other's line says so", async () => {
      await load(`${CASES}\n2020-01-22,-4,0`);
      const file = await correct(["'-2", "2"], ["'-4", "4"]);

      const report = await mend(file);

      expect(report).toMatchObject({ mended: 1, inserted: 1, superseded: 1, rejected: 1 });
      expect(report.gaveWay).toEqual([{ line: 3, reason: "it gave way to line 4, which has the same key" }]);
      expect(await days()).toContain("2020-01-22 4 null");
      const states = await statesOf(database, "covid");
      expect([states.mended, states.superseded]).toEqual([1, 1]);
    });

    test("are refused where the file lacks a column of their contract", async () => {
      await load();

      const refused = mend(await correct([",'-7,", ",7,"], [",Recovered,", ",recovered,"]));

      await expect(refused).rejects.toThrow(
        /The file has no column Recovered: .*\(rows\.csv, line 1\)\. It is recovered there, in another case\. Write its name/,
      );
      expect(await statesOf(database, "covid")).toEqual({ open: 2, mended: 0, superseded: 0 });
    });

    test("stay where they are wrong, or their day has no cases", async () => {
      await load();

      const report = await mend(await correct(["2020-01-23,US", "2020-02-23,US"], [",'-7,", ",7,"]));

      expect(report).toMatchObject({ runId: null, mended: 0 });
      expect(report.left).toEqual([
        { line: 2, reason: expect.stringMatching(/^Date: got "2020-02-23", expected a day that covid_daily has/) },
        { line: 3, reason: expect.stringMatching(/^cases: got "-2", expected a whole number from 0/) },
      ]);
      expect(await statesOf(database, "covid")).toEqual({ open: 2, mended: 0, superseded: 0 });
    });

    test("are no run of their pipeline: neither its news nor its newest run", async () => {
      await load();
      const before = await readFreshness(database.db as never, "covid");
      const { runId } = await mend(await correct(["'-2", "2"]));
      const series = { table: "covid_daily", x: "date", values: [{ column: "cases", title: "Cases" }] } as const;

      const { runs, rejections } = await readReport(database.db, { pipeline: "covid", series });

      const after = await readFreshness(database.db as never, "covid");
      expect([before.mended, after]).toEqual([null, { ...before, mended: expect.any(Date) }]);
      expect(runs.shown.map(({ id, isMend }) => [id === runId, isMend])).toEqual([
        [true, true],
        [false, false],
      ]);
      expect(rejections).toMatchObject({ total: 1, mended: 1, superseded: 0 });
      expect((await load()).warnings.filter((text) => !text.startsWith("recoveries: "))).toEqual([]);
    });
  });
}
