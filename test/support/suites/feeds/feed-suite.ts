import { sql } from "kysely";
import type { Feed } from "../../../../etl/core/contract/contract";
import type { Database } from "../../../../etl/core/database/database";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { emptyLedger } from "../../models/empty-ledger";
import { csvOf, load, plan, reading, readings, run } from "../../models/feeds/feed-run";
import { describeFeed } from "./describe-feed";

/** What a run of a feed must do, on whichever engine `open` gives. */
export function describeFeedLoads(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`a feed on ${engine}`, open, ({ database, objects }) => {
    const options = (changes = {}) => ({ contract: readings, objects, chunkBytes: 64, ...changes });

    test("loads all objects, and finds nothing to do the second time", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2"), reading("m3")));
      objects.put("b.csv", csvOf(reading("m4")));
      objects.put("empty.csv", "");

      const first = await run(database, options());
      const second = await run(database, options());

      expect(first).toMatchObject({ objects: 2, rows: 4, inserted: 4, updated: 0, unchanged: 0 });
      expect(first.chunks).toBeGreaterThan(2);
      expect(first.text).toBe("There were 4 inserts and 0 updates");
      expect(second).toMatchObject({ objects: 0, chunks: 0, rows: 0 });
      expect(second.text).toContain("nothing to do");
    });

    test("loads, changes and finds again a table of as many columns as a contract may have", async () => {
      const names = Array.from({ length: 1_598 }, (_, at) => `column_${at}`);
      const columns = Object.fromEntries(names.map((name) => [name, { type: "integer" }] as const));
      const wide: Feed = { name: "wide", table: "wide", columns, key: ["column_0"] };
      const csv = (last: number) =>
        `${names.join()}\n${names.map((_, at) => at).join()}\n1${",2".repeat(1_596)},${last}\n`;
      const wideRun = () => run(database, { contract: wide, objects });
      await emptyLedger(database, wide);

      objects.put("a.csv", csv(3));
      const first = await wideRun();
      objects.put("b.csv", csv(4));
      const second = await wideRun();

      await emptyLedger(database, wide);
      expect(first).toMatchObject({ inserted: 2, updated: 0, rejected: 0 });
      expect(second).toMatchObject({ inserted: 0, updated: 1, unchanged: 1 });
    });

    test("a full run reads everything again and writes nothing", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2")));
      objects.put("b.csv", csvOf(reading("m2", { value: "2" }), reading("m3")));
      await run(database, options());
      const places = () => sql`select ctid::text, xmin::text from readings order by meter`.execute(database.db);
      const before = await places();

      const again = await run(database, options({ full: true }));

      expect(again).toMatchObject({ objects: 2, rows: 4, inserted: 0, updated: 0, unchanged: 3, superseded: 1 });
      expect((await places()).rows).toEqual(before.rows);
    });

    test("counts a chunk once, however often it is loaded", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2", { count: "x" })));
      const bearing = options({ chunkBytes: 1024, contract: { ...readings, maxRejected: { rows: 1 } } });
      const planned = await plan(database, bearing);
      const [chunk] = planned.list;
      if (chunk === undefined) throw new Error("no chunk");

      const first = await load(database, planned, chunk, bearing);
      const second = await load(database, planned, chunk, bearing);

      expect(first).toEqual({
        rows: 2,
        inserted: 1,
        updated: 0,
        unchanged: 0,
        superseded: 0,
        rejected: 1,
        dropped: 0,
        altered: 0,
      });
      expect(second).toEqual(first);
      expect(await database.db.selectFrom("rejected_row").selectAll().execute()).toHaveLength(1);
    });

    test("a single object that is rejected is not said to leave others that are loaded", async () => {
      objects.put("a.csv", csvOf(reading("m1", { day: "2023-02-29" })));

      await expect(run(database, options())).rejects.toThrow(/^1 object was rejected: got memory:a\.csv: /);
    });

    test("keeps rejected rows with object, byte and reason, and fails with the objects", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2", { day: "2023-02-29" })));
      objects.put("b.csv", csvOf(reading("m3", { value: "1.005" }), reading("m4", { valid: "maybe" })));
      const failing = run(database, options());

      await expect(failing).rejects.toThrow(
        /^2 objects were rejected: got memory:a\.csv: .*got 1 of 2, .*memory:b\.csv: .*got 2 of 2, /,
      );
      const rejected = await database.db
        .selectFrom("rejected_row")
        .select(["source", "byte_offset", "line", "reason", "raw"])
        .orderBy("source")
        .orderBy("byte_offset")
        .execute();
      const raw = reading("m2", { day: "2023-02-29" });
      expect(rejected[0]).toEqual({
        ...{ source: "memory:a.csv", line: null, raw, byte_offset: csvOf(reading("m1")).length },
        reason: 'day: got "2023-02-29", expected a calendar day as YYYY-MM-DD, or nothing',
      });
      expect(rejected).toHaveLength(3);
      expect(await database.db.selectFrom("etl_run").select("status").execute()).toEqual([{ status: "failed" }]);
    });
  });
}
