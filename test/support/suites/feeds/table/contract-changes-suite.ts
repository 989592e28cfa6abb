import { sql } from "kysely";
import type { Feed } from "../../../../../etl/core/contract/contract";
import type { Database } from "../../../../../etl/core/database/database";
import { LiveDatabase } from "../../../../../etl/core/database/live-database";
import { checkTable } from "../../../../../etl/feeds/doctor/database-checks";
import type { FeedTables } from "../../../../../etl/feeds/ledger/tables";
import { failRun } from "../../../../../etl/feeds/plan/plan";
import { csvOf, type FeedRun, plan, reading, readings, run } from "../../../models/feeds/feed-run";
import { describeFeed } from "../describe-feed";

/** What becomes of a contract that changes while its table is loaded. */
export function describeContractChanges(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`a feed on ${engine}, whose contract changes`, open, ({ database, objects }) => {
    beforeEach(() => {
      objects.put("a.csv", csvOf(reading("m1", { note: "one" })));
      objects.put("b.csv", csvOf(reading("m2", { note: "two" })));
    });

    const { note, ...fewer } = readings.columns;
    /** As it was before it got the column `note`, which the objects have had all along. */
    const before: Feed = { ...readings, columns: fewer };
    const options = (changes: Partial<FeedRun> = {}): FeedRun => ({ contract: readings, objects, ...changes });
    const execute = (text: string) => sql.raw(text).execute(database.db);
    const notes = async () =>
      (await sql<{ note: string }>`select note from readings order by meter`.execute(database.db)).rows.map(
        (row) => row.note,
      );

    test("a new nullable column is added to the table; how to fill it is reported, once", async () => {
      // Prepare
      await run(database, options({ contract: before }));
      const doctor = await checkTable(database.db, readings);
      objects.put("c.csv", csvOf(reading("m3", { note: "three" })));

      // Act
      const changed = await run(database, options());
      const filled = await notes();
      const next = await run(database, options());
      const full = await run(database, options({ full: true }));

      // Assess
      expect(doctor).toMatchObject({ ok: true, detail: "the next run adds note" });
      expect(changed).toMatchObject({ rows: 1, inserted: 1 });
      expect(changed.warnings).toEqual([
        "readings has the contract's new columns, NULL in all earlier rows: note",
        '2 objects were loaded with an earlier contract, and stay so: --full (on AWS {"full": true}) reads them again',
      ]);
      expect(filled).toEqual([null, null, "three"]);
      expect(next).toMatchObject({ chunks: 0, warnings: [] });
      expect(full).toMatchObject({ rows: 3, updated: 2, warnings: [] });
      expect(await notes()).toEqual(["one", "two", "three"]);
    });

    test("a run that fails on the way has it in the ledger that a column was added", async () => {
      await run(database, options({ contract: before }));
      const { runId } = await plan(database, options());
      await failRun(new LiveDatabase(database), runId, new Error("a worker died"));

      const failed = database.db.selectFrom("etl_run").select(["status", "warnings"]).where("id", "=", runId);
      expect(await failed.executeTakeFirst()).toEqual({
        status: "failed",
        warnings: [expect.stringContaining("new columns"), expect.stringContaining("2 objects were loaded")],
      });
    });

    test("a change of any other part is reported likewise, and one that changes no row is not", async () => {
      await run(database, options());
      const strict = { ...readings, columns: { ...readings.columns, note: { ...note, type: "text", max: 9 } } } as Feed;
      const worded = { ...readings, columns: { ...readings.columns, note: { ...note, expected: "words" } } } as Feed;

      expect((await run(database, options({ contract: worded }))).warnings).toEqual([]);
      expect((await run(database, options({ contract: strict }))).warnings).toEqual([
        expect.stringMatching(/^2 objects were loaded with an earlier contract/),
      ]);
      expect((await run(database, options({ contract: strict }))).warnings).toEqual([]);
    });

    test("each object is of the contract that it was loaded by: one that comes back finds its own", async () => {
      const strict = { ...readings, columns: { ...readings.columns, note: { ...note, type: "text", max: 9 } } } as Feed;
      await run(database, options());
      objects.put("c.csv", csvOf(reading("m3")));
      const changed = await run(database, options({ contract: strict }));
      const back = await run(database, options());

      expect(changed.warnings).toEqual([expect.stringMatching(/^2 objects were loaded with an earlier contract/)]);
      expect(back.warnings).toEqual([expect.stringMatching(/^1 object was loaded with an earlier contract/)]);
    });

    test("what an older version loaded counts as loaded by the contract that is found first", async () => {
      await run(database, options({ contract: before }));
      await execute("update import_chunk set fingerprint = null");
      await execute("update import_run set fingerprint = null");

      const first = await run(database, options({ contract: before }));
      const changed = await run(database, options());

      expect(first.warnings).toEqual([]);
      expect(changed.warnings).toContainEqual(expect.stringMatching(/^2 objects were loaded with/));
    });

    test.each([
      [
        "that may not be NULL",
        () => ({ ...readings, columns: { ...readings.columns, more: { type: "text" } } }) as Feed,
      ],
      [
        "while another one differs",
        () => ({ ...readings, columns: { ...readings.columns, day: { type: "text", nullable: true } } }) as Feed,
      ],
    ])("a column %s is refused with the SQL, and nothing is added", async (_what, changed) => {
      await run(database, options({ contract: before }));

      await expect(run(database, options({ contract: changed() }))).rejects.toThrow(
        /is not what the contract readings describes.*ADD COLUMN "note" text;/,
      );
      await expect(notes()).rejects.toThrow(/note/);
    });

    test("a table that no run has loaded gets no column: the contract may have slipped", async () => {
      await execute("create table readings (meter text, at timestamptz, value numeric(10,2), primary key (meter, at))");
      await execute("alter table readings add count integer, add total bigint, add day date, add valid boolean");
      await execute("alter table readings add source_object bigint, add source_offset bigint");

      await expect(run(database, options())).rejects.toThrow(/got no column note.*ADD COLUMN "note" text;/);
    });

    test("nor does a table of another owner, whose message has the SQL", async () => {
      await run(database, options({ contract: before }));
      await execute("drop role if exists loader");
      await execute("create role loader");
      await execute("grant usage, create on schema public to loader");
      await execute("grant all on all tables in schema public to loader");
      await execute("grant all on all sequences in schema public to loader");
      try {
        await execute("set role loader");

        await expect(run(database, options())).rejects.toThrow(/got no column note.*ALTER TABLE "readings" ADD COLUMN/);
      } finally {
        await execute("reset role");
        await execute("drop owned by loader");
        await execute("drop role loader");
      }
    });
  });
}
