import { sql } from "kysely";
import type { Database } from "../../../../../etl/core/database/database";
import { checkTable } from "../../../../../etl/feeds/doctor/database-checks";
import type { FeedTables } from "../../../../../etl/feeds/ledger/tables";
import { emptyLedger } from "../../../models/empty-ledger";
import { csvOf, type FeedRun, load, plan, reading, readings, readTable, run } from "../../../models/feeds/feed-run";
import { returnLedger } from "../../../models/feeds/older-ledger";
import { describeFeed } from "../describe-feed";

/** The ledger speaks of rows that are in a table; what if that table is gone. */
export function describeLostTables(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`a feed on ${engine}, whose table is not the loaded one`, open, ({ database, objects }) => {
    beforeEach(async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2")));
      objects.put("b.csv", csvOf(reading("m3")));
      await run(database, options());
    });

    const options = (changes: Partial<FeedRun> = {}): FeedRun => {
      return { contract: readings, objects, chunkBytes: 65_536, attended: true, ...changes };
    };
    const execute = (text: string) => sql.raw(text).execute(database.db);
    const meters = async () => (await readTable(database, readings)).map((row) => JSON.parse(row).meter);
    const error = (changes: Partial<FeedRun> = {}): Promise<Error> =>
      run(database, options(changes)).then(
        () => Promise.reject(new Error("the run succeeded")),
        (reason) => reason,
      );

    /** What the message advises to run. */
    async function followAdvice({ message }: Error): Promise<void> {
      const [statement = ""] = /create table [^;]*;/.exec(message) ?? [];
      await execute(statement);
    }

    test("dropped, and made again as the message says: the next run wants --full, and the ledger has the refusals", async () => {
      // Act
      await execute("drop table readings");
      const missing = await error();
      await followAdvice(missing);
      const refused = await error();
      const filled = await run(database, options({ full: true }));
      const next = await run(database, options());

      // Assess
      expect(missing.message).toMatch(
        /there is no table readings.*Run: create table.*; Load everything again: --full/s,
      );
      expect(refused.message).toMatch(
        /^The table readings was loaded, and is empty: got no row, .*Load everything again: --full/,
      );
      expect(filled).toMatchObject({ rows: 3, inserted: 3 });
      expect(next).toMatchObject({ chunks: 0, rows: 0 });
      const runs = await database.db.selectFrom("etl_run").select(["status", "error"]).orderBy("started").execute();
      expect(runs.map(({ status }) => status).join()).toBe("succeeded,failed,failed,succeeded,succeeded");
      expect(runs[2]?.error).toBe(refused.message);
    });

    test.each([
      ["emptied", "truncate readings"],
      ["emptied row by row", "delete from readings"],
    ])("%s: the same", async (_, statement) => {
      await execute(statement);

      expect((await error()).message).toMatch(/^The table readings was loaded, and is empty/);
      expect(await run(database, options({ full: true }))).toMatchObject({ inserted: 3 });
    });

    test("created again and filled by another user: the same", async () => {
      await execute("alter table readings rename to before");
      await execute("create table readings (like before including all)");
      await execute("insert into readings (meter, at, value) values ('m1', '2026-01-01T00:00:00Z', 7)");
      await execute("drop table before");

      expect((await error()).message).toMatch(
        /^The table readings was created again after it was loaded: got none of the/,
      );
      expect(await run(database, options({ full: true }))).toMatchObject({ inserted: 2, updated: 1 });
      expect(await run(database, options())).toMatchObject({ chunks: 0 });
    });

    test("a full run that dies half way leaves the rest to the next one, which need not be one", async () => {
      // Prepare
      await execute("truncate readings");
      const planned = await plan(database, options({ full: true }));
      const [first] = planned.list;
      if (first === undefined) throw new Error("no chunk");
      await load(database, planned, first, options());

      // Act
      const next = await run(database, options());

      // Assess
      expect(next).toMatchObject({ takenOver: 1, rows: 3, inserted: 3, objects: 2 });
      expect(await meters()).toEqual(["m1", "m2", "m3"]);
    });

    test("restored, its rows under another table's number: nothing is refused, and nothing read again", async () => {
      await execute("alter table readings rename to before");
      await execute("create table readings (like before including all)");
      await execute("insert into readings select * from before");
      await execute("drop table before");

      expect(await run(database, options())).toMatchObject({ chunks: 0 });
      await execute("update readings set source_object = null");
      expect(await run(database, options())).toMatchObject({ chunks: 0 });
    });

    test("of which rows were deleted, is the same table", async () => {
      await execute("delete from readings where meter < 'm3'");

      expect(await run(database, options())).toMatchObject({ chunks: 0 });
    });

    test("where nothing was loaded into it, an empty table is none that was lost", async () => {
      await emptyLedger(database, readings);
      objects.clear();
      const bearing = { ...readings, maxRejected: { percent: 100 } };
      objects.put("a.csv", csvOf(reading("m1", { count: "x" })));
      await run(database, options({ contract: bearing }));

      expect(await run(database, options({ contract: bearing }))).toMatchObject({ chunks: 0 });
    });

    test("as the version before left it, is taken as it is", async () => {
      // Prepare
      await returnLedger(database.db, "002-unended-runs");

      // Act, assess
      expect(await run(database, options())).toMatchObject({ chunks: 0 });
      await execute("truncate readings");
      expect((await error()).message).toMatch(/^The table readings was loaded, and is empty/);
    });

    test("the doctor finds it, too", async () => {
      const well = await checkTable(database.db, readings);
      await execute("truncate readings");
      const empty = await checkTable(database.db, readings);
      const beforeFull = await checkTable(database.db, readings, true);
      await execute("drop table readings");
      const missing = await checkTable(database.db, readings);

      expect([well.ok, beforeFull.ok]).toEqual([true, true]);
      expect(empty).toMatchObject({
        ok: false,
        detail: expect.stringContaining("is empty"),
        fix: expect.stringContaining("Load everything again: --full"),
      });
      expect(missing).toMatchObject({ ok: false, detail: "there is no table readings" });
      expect(missing.fix).toMatch(/create table.*; Load everything again: --full/s);
    });
  });
}
