import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import { endAllFindings } from "../../../../etl/core/database/retention";
import type { CovidTables } from "../../../../etl/pipelines/covid/tables";
import { CASES_HEADER, emptyDatabase, runCovidOn } from "../../models/covid-run";
import { meddler } from "../load/habits-suite";

/** How old revisions end, on whichever engine `open` gives. */
export function describeRetention(engine: string, open: () => Promise<Database<CovidTables>>): void {
  describe(`old revisions on ${engine}`, () => {
    let database: Database<CovidTables>;
    const said: string[] = [];
    const execute = async (...statements: readonly string[]) => {
      for (const statement of statements) await sql.raw(statement).execute(database.db);
    };
    const load = (deaths: number, options: Parameters<typeof runCovidOn>[3] = {}) =>
      runCovidOn(database, [CASES_HEADER, `2020-01-21,1,${deaths}`].join("\n"), undefined, {
        onNote: (text) => said.push(text),
        onWarning: (text) => said.push(`warning: ${text}`),
        ...options,
      });
    /** Another run of that age, with its revisions. */
    const oldRun = async (pipeline: string, days: number, revisions: number) => {
      const run = randomUUID();
      await execute(
        `insert into etl_run (id, pipeline, status, started) values ('${run}', '${pipeline}', 'succeeded', now() - interval '${days} days')`,
        `insert into revision (run, table_name, key, before, after) select '${run}', '${pipeline}', '{}', '{}', '{}' from generate_series(1, ${revisions})`,
      );
    };
    const kept = async () => {
      const { rows } = await sql<{ pipeline: string; count: number }>`
        select table_name as pipeline, count(*) as count from revision group by 1 order by 1`.execute(database.db);
      return Object.fromEntries(rows.map(({ pipeline, count }) => [pipeline, count]));
    };

    beforeAll(async () => {
      database = await open();
    });
    beforeEach(async () => {
      said.length = 0;
      await emptyDatabase(database);
      await load(0);
    });
    afterAll(() => database?.close());

    test("of the pipeline's own end after their days, however many; its runs stay, and the deletion is reported", async () => {
      // Prepare
      await oldRun("covid", 31, 25_000);
      await oldRun("covid", 29, 7);
      await oldRun("sales", 31, 5);

      // Act
      const report = await load(1, { retention: { revisionDays: 30 } });

      // Assess
      expect(report).toMatchObject({ status: "succeeded", updated: 1, revisions: { total: 1 } });
      expect(await kept()).toEqual({ covid: 7, covid_daily: 1, sales: 5 });
      expect(said).toEqual(["25000 revisions of runs of covid older than 30 days were deleted"]);
      const { rows } = await sql`select from etl_run where pipeline = 'covid'`.execute(database.db);
      expect(rows).toHaveLength(4);
    });

    test("rejected rows end after their own days, and revisions stay", async () => {
      // Prepare
      await oldRun("covid", 40, 2);
      await oldRun("covid", 20, 2);
      await oldRun("sales", 40, 2);
      await execute(
        `insert into rejected_row (run, source, line, reason, raw) select id, pipeline, 1, 'bad', '' from etl_run`,
      );

      // Act
      await load(1, { retention: { rejectedDays: 31 } });

      // Assess
      const { rows } = await sql<{ source: string; days: number }>`
        select source, round(extract(epoch from now() - started) / 86400) as days
        from rejected_row join etl_run on etl_run.id = run order by 1, 2`.execute(database.db);
      const left = rows.map(({ source, days }) => [source, Number(days)]);
      expect(left).toEqual([
        ["covid", 0],
        ["covid", 20],
        ["sales", 40],
      ]);
      expect(await kept()).toEqual({ covid: 4, covid_daily: 1, sales: 2 });
      expect(said).toEqual(["1 rejected row of runs of covid older than 31 days was deleted"]);
    });

    test("of every pipeline are deleted once a month, also of a disabled one, each kind after its own days", async () => {
      // Prepare
      for (const days of [32, 29]) await oldRun("gone", days, 10_001);
      await oldRun("sales", 400, 2);
      await execute(
        `insert into rejected_row (run, source, line, reason, raw) select id, pipeline, 1, 'bad', '' from etl_run`,
      );

      // Act
      const neither = await endAllFindings(database.db, {});
      const ended = await endAllFindings(database.db, { revisionDays: 30, rejectedDays: 300 });

      // Assess
      expect(neither).toEqual({ revisions: 0, rejectedRows: 0 });
      expect(ended).toEqual({ revisions: 10_003, rejectedRows: 1 });
      expect(await kept()).toEqual({ gone: 10_001 });
      const { rows } = await sql`select source from rejected_row order by 1`.execute(database.db);
      expect(rows).toEqual([{ source: "covid" }, { source: "gone" }, { source: "gone" }]);
    });

    test("are none once a month where no run has ever been", async () => {
      await emptyDatabase(database);

      expect(await endAllFindings(database.db, { revisionDays: 1, rejectedDays: 1 })).toEqual({
        revisions: 0,
        rejectedRows: 0,
      });
    });

    test.each([
      ["without a retention", {}],
      ["in a dry run", { retention: { revisionDays: 30 }, dryRun: true }],
      ["with no time left for it", { retention: { revisionDays: 30, remainingMs: () => 5_000 } }],
    ])("stay %s", async (_, options) => {
      await oldRun("covid", 400, 3);

      await load(0, options);

      expect(await kept()).toEqual({ covid: 3 });
      expect(said).toEqual([]);
    });

    test("that cannot be ended are a warning, and the run a success", async () => {
      // Prepare
      await oldRun("covid", 31, 3);
      await execute(...meddler("revision", "before delete", "raise exception 'an archive';"));

      // Act
      const report = await load(1, { retention: { revisionDays: 30 } });

      // Assess
      expect(report).toMatchObject({ status: "succeeded", updated: 1 });
      expect(await kept()).toEqual({ covid: 3, covid_daily: 1 });
      expect(said).toEqual([
        expect.stringMatching(
          /^warning: revisions of runs of covid older than 30 days could not be deleted: .*an archive/,
        ),
      ]);
    });
  });
}
