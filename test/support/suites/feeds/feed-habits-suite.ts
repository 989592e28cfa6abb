import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { csvOf, reading, readings, run } from "../../models/feeds/feed-run";
import { returnLedger } from "../../models/feeds/older-ledger";
import { meddler } from "../load/habits-suite";
import { describeFeed } from "./describe-feed";

/** What an import tells of a table that drops or changes rows by itself, on whichever engine `open` gives. */
export function describeFeedHabits(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`a feed into a table with habits of its own on ${engine}`, open, ({ database, objects }) => {
    const execute = async (...statements: readonly string[]) => {
      for (const statement of statements) await sql.raw(statement).execute(database.db);
    };
    const runIt = (changes = {}) => run(database, { contract: readings, objects, chunkBytes: 64, ...changes });
    const ledger = () => database.db.selectFrom("etl_run").select(["dropped", "warnings"]).orderBy("started").execute();
    beforeEach(() => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2"), reading("m3")));
    });

    test("a trigger that drops rows: chunks, run and text count them as dropped", async () => {
      // Prepare
      await runIt();
      const body = "if new.meter in ('m2', 'm4') then return null; end if; return new;";
      await execute(...meddler("readings", "before insert", body));
      objects.put(
        "b.csv",
        csvOf(reading("m1", { value: "2" }), reading("m2", { value: "2" }), reading("m4"), reading("m5")),
      );

      // Act
      const summary = await runIt();

      // Assess
      expect(summary).toMatchObject({ rows: 4, inserted: 1, updated: 1, unchanged: 0, superseded: 0, dropped: 2 });
      expect(summary.text).toBe("There were 1 inserts and 1 updates; 2 rows were dropped by triggers of the table");
      expect(summary.warnings).toEqual([expect.stringMatching(/^readings: 2 rows were dropped.*\(meddler\)/)]);
      expect((await ledger()).at(-1)).toEqual({ dropped: 2, warnings: summary.warnings });
    });

    test("a trigger that changes rows: they are written, and each run warns of them", async () => {
      // Prepare
      await runIt();
      await execute(...meddler("readings", "before insert or update", "new.note := upper(new.note); return new;"));
      objects.put("b.csv", csvOf(reading("m1", { note: "low" }), reading("m2", { note: "HIGH" }), reading("m9")));

      // Act
      const [first, full] = [await runIt(), await runIt({ full: true })];

      // Assess
      expect(first).toMatchObject({ rows: 3, inserted: 1, updated: 2, dropped: 0, altered: 1 });
      expect(full).toMatchObject({ rows: 6, inserted: 0, updated: 1, superseded: 2, dropped: 0, altered: 1 });
      expect(full.warnings).toEqual([expect.stringMatching(/^readings: 1 row was changed by triggers.*\(meddler\)/)]);
    });

    test("a trigger that waits for the COMMIT to change rows: each run warns of them", async () => {
      // Prepare
      await runIt();
      const [make] = meddler("readings", "", "update readings set note = 'mine' where meter = new.meter; return null;");
      const deferred = "on readings deferrable initially deferred for each row when (new.note is distinct from 'mine')";
      await execute(
        make ?? "",
        `create constraint trigger late after insert or update ${deferred} execute function meddle()`,
      );
      objects.put("b.csv", csvOf(reading("m1", { note: "low" }), reading("m9")));

      // Act
      const summary = await runIt();

      // Assess
      expect(summary).toMatchObject({ rows: 2, inserted: 1, updated: 1, dropped: 0, altered: 2 });
      expect(summary.warnings).toEqual([expect.stringMatching(/^readings: 2 rows were changed by triggers.*\(late\)/)]);
    });

    test("rows that give way to newer ones are superseded, trigger or not", async () => {
      // Prepare
      await runIt();
      await execute(...meddler("readings", "before insert or update", "return new;"));
      objects.put("0-older.csv", csvOf(reading("m1", { value: "7" }), reading("m2"), reading("m8")), new Date(0));

      // Act
      const summary = await runIt();

      // Assess
      expect(summary).toMatchObject({ rows: 3, inserted: 1, updated: 0, superseded: 2, dropped: 0, altered: 0 });
      expect(summary.warnings).toEqual([]);
      const ends = database.db.selectFrom("etl_run").select(["unchanged", "superseded"]).orderBy("started", "desc");
      expect(await ends.executeTakeFirst()).toEqual({ unchanged: 0, superseded: 2 });
    });

    test("a ledger of the version before is taken over, its chunks count nothing as dropped", async () => {
      // Prepare
      await runIt();
      await returnLedger(database.db, "004-dropped-rows");
      await execute(
        "alter table etl_run drop column dropped, drop column superseded, drop column mended_by, drop column removed, drop column undoes, drop column code, drop column result",
        "drop table mended_row, rejected_header, load_history, inserted_key, removed_row",
        "alter table revision drop column load",
        "delete from millrace_migration_core where name >= '003-dropped-records'",
        "update etl_run set status = 'failed'",
        "update import_run set judged = false",
      );
      objects.put("b.csv", csvOf(reading("m4")));

      // Act
      const summary = await runIt();

      // Assess
      expect(summary).toMatchObject({ rows: 4, inserted: 4, takenOver: 3, dropped: 0, altered: 0 });
      expect((await ledger()).map(({ dropped }) => dropped)).toEqual([null, 0]);
    });

    test("a rule is refused by name before anything is read", async () => {
      // Prepare
      await runIt();
      await execute('create rule "my rule" as on insert to readings do instead nothing');
      objects.put("b.csv", csvOf(reading("m4")));

      // Act
      const importing = runIt();

      // Assess
      await expect(importing).rejects.toThrow(/the rule my rule rewrites.*DROP RULE "my rule" ON "readings"/);
      expect((await ledger()).at(-1)).toMatchObject({ dropped: null });
    });

    test("a partitioned table is loaded as any other", async () => {
      // Prepare
      await runIt();
      await execute(
        "alter table readings rename to readings_plain",
        "create table readings (like readings_plain, primary key (meter, at)) partition by hash (meter)",
        "create table readings_0 partition of readings for values with (modulus 2, remainder 0)",
        "create table readings_1 partition of readings for values with (modulus 2, remainder 1)",
        "insert into readings select * from readings_plain",
        "drop table readings_plain",
      );
      objects.put("b.csv", csvOf(reading("m1", { value: "2" }), reading("m2"), reading("m4")));

      // Act
      const [first, full] = [await runIt(), await runIt({ full: true })];

      // Assess
      expect(first).toMatchObject({ rows: 3, inserted: 1, updated: 1, unchanged: 1, dropped: 0 });
      expect(full).toMatchObject({ rows: 6, inserted: 0, updated: 0, unchanged: 4, superseded: 2 });
    });
  });
}
