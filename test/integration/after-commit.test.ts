import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Database } from "../../etl/core/database/database";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { CASES_HEADER, emptyDatabase, runCovidOn } from "../support/models/covid-run";

const few = [CASES_HEADER, "2020-01-21,1,0", "2020-01-22,2,0"].join("\n");

describe("what a run says and writes down, on PGlite", () => {
  let database: Database<CovidTables>;
  const execute = (text: string) => sql.raw(text).execute(database.db);
  const ledger = () =>
    database.db.selectFrom("etl_run").select(["status", "error", "warnings"]).orderBy("started").execute();
  const failure = (work: Promise<unknown>): Promise<Error> =>
    work.then(
      () => Promise.reject(new Error("the run succeeded")),
      (error) => error,
    );

  beforeAll(async () => {
    database = await openPglite<CovidTables>();
  });
  beforeEach(() => emptyDatabase(database));
  afterAll(() => database.close());

  test("a notifier that fails leaves the success as it is, with one line of warning", async () => {
    const warnings: string[] = [];
    const notify = () => Promise.reject(new Error("no such topic\n  at somewhere"));

    const report = await runCovidOn(database, few, undefined, { notify, onWarning: (text) => warnings.push(text) });

    expect(report).toMatchObject({ status: "succeeded", inserted: 2 });
    expect(warnings).toEqual(["the notification could not be sent (the run succeeded): no such topic"]);
    expect(await ledger()).toMatchObject([{ status: "succeeded" }]);
  });

  test("a notifier that fails does not hide why a run failed", async () => {
    const warnings: string[] = [];
    const notify = () => Promise.reject(new Error("no such topic"));

    const error = await failure(
      runCovidOn(database, "", undefined, { notify, onWarning: (text) => warnings.push(text) }),
    );

    expect(error.message).toMatch(/failed in step load: .*empty/);
    expect(warnings).toEqual([expect.stringContaining("could not be sent (the run failed)")]);
  });

  test("rejected rows that cannot be kept do not keep the failure out of the ledger", async () => {
    await runCovidOn(database, few);
    await execute("alter table rejected_row add constraint full_disk check (raw = '')");

    const error = await failure(runCovidOn(database, [few, "x,1,0"].join("\n")));

    expect(error.message).toMatch(/Too many rows were rejected/);
    expect((await ledger())[1]).toEqual({
      status: "failed",
      error: error.message,
      warnings: [expect.stringMatching(/rejected rows could not be kept.*full_disk/)],
    });
  });

  test.each(["a\0b", "half a pair \ud83d"])("a message with %j is kept in the ledger, too", async (text) => {
    const fetch = () => Promise.reject(new Error(text));

    await failure(runCovidOn(database, "", "", { fetch }));

    expect(await ledger()).toMatchObject([{ status: "failed", error: expect.stringContaining("\uFFFD") }]);
  });

  describe("what PostgreSQL asks to try again", () => {
    /** Fails the first so many inserts with such an error; a sequence counts what a rollback undoes. */
    const failFirst = async (times: number, code: string) => {
      await runCovidOn(database, few);
      await execute("truncate covid_daily");
      await execute("create sequence tries");
      await execute(`create function fail_first() returns trigger language plpgsql as $$ begin
        if nextval('tries') <= ${times} then raise exception 'once more' using errcode = '${code}'; end if;
        return null; end $$`);
      await execute("create trigger fail_first before insert on covid_daily execute function fail_first()");
    };

    test.each(["40001", "40P01", "57P01", "57P02", "57P03"])(
      "%s is tried again, each time as a run of its own",
      async (code) => {
        await failFirst(2, code);

        const report = await runCovidOn(database, few);

        expect(report).toMatchObject({ status: "succeeded", inserted: 2, notifications: [{ status: "succeeded" }] });
        expect((await ledger()).map(({ status }) => status)).toEqual(["succeeded", "failed", "failed", "succeeded"]);
        expect(report.warnings).toEqual([
          expect.stringMatching(/tried again: .*once more/),
          expect.stringMatching(/tried again: .*once more/),
        ]);
      },
    );

    test("and is reported once, when no try helps", async () => {
      await failFirst(100, "40001");
      const notifications: string[] = [];

      const error = await failure(
        runCovidOn(database, few, undefined, { notify: async ({ text }) => void notifications.push(text) }),
      );

      expect(error.message).toMatch(/could not serialise/);
      expect(notifications).toEqual([error.message]);
      expect((await ledger()).filter(({ status }) => status === "failed")).toHaveLength(6);
    });

    test("nothing else is", async () => {
      await failFirst(1, "P0001");

      expect((await failure(runCovidOn(database, few))).message).toMatch(/a trigger or function/);
      expect((await ledger()).map(({ status }) => status)).toEqual(["succeeded", "failed"]);
    });
  });
});
