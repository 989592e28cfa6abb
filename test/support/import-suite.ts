import { gzipSync } from "node:zlib";
import { sql } from "kysely";
import type { Database } from "../../etl/core/database";
import type { ImportTables } from "../../etl/pipelines/import/tables";
import { csvOf, forget, HEADER, load, plan, reading, readings, readTable, run } from "./import-run";
import { MemoryRangedObjects } from "./memory-ranged-objects";

/** What an import must do, on whichever engine `open` gives. */
export function describeImport(engine: string, open: () => Promise<Database<ImportTables>>): void {
  describe(`import on ${engine}`, () => {
    let database: Database<ImportTables>;
    let objects: MemoryRangedObjects;

    beforeAll(async () => {
      database = await open();
    });
    beforeEach(async () => {
      objects = new MemoryRangedObjects();
      await forget(database, readings);
    });
    afterAll(() => database?.close());

    const options = (changes = {}) => ({ contract: readings, objects, chunkBytes: 64, ...changes });
    const values = async (column: string) =>
      (
        await sql<{ value: unknown }>`select ${sql.id(column)} as value from readings order by meter, at`.execute(
          database.db,
        )
      ).rows.map(({ value }) => value);

    test("loads all objects, and finds nothing to do the second time", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2"), reading("m3")));
      objects.put("b.csv", csvOf(reading("m4")));
      objects.put("empty.csv", "");

      const first = await run(database, options());
      const second = await run(database, options());

      expect(first).toMatchObject({ objects: 2, rows: 4, inserted: 4, updated: 0, unchanged: 0, missing: 0 });
      expect(first.chunks).toBeGreaterThan(2);
      expect(first.text).toBe("There were 4 inserts and 0 updates");
      expect(second).toMatchObject({ objects: 0, chunks: 0, rows: 0 });
      expect(second.text).toContain("nothing to do");
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

    test("an object that is uploaded again is loaded again, and only that", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2")));
      objects.put("b.csv", csvOf(reading("m3")));
      await run(database, options());
      objects.put("a.csv", csvOf(reading("m1"), reading("m2", { value: "9" })));

      const summary = await run(database, options());

      expect(summary).toMatchObject({ objects: 1, rows: 2, inserted: 0, updated: 1, unchanged: 1 });
      expect(await values("value")).toEqual(["1.00", "9.00", "1.00"]);
    });

    test("the newest object wins, whatever the order of the chunks", async () => {
      objects.put("z-old.csv", csvOf(reading("m1", { note: "old" })));
      objects.put("m-middle.csv", csvOf(reading("m1", { note: "middle" }), reading("m1", { note: "below" })));
      objects.put("a-new.csv", csvOf(reading("m1", { note: "old" })));
      const planned = await plan(database, options({ chunkBytes: 1024 }));
      const orders = [
        [0, 1, 2],
        [2, 1, 0],
        [1, 0, 2],
        [2, 0, 1],
        [0, 2, 1],
        [1, 2, 0],
      ];

      for (const order of orders) {
        await sql`truncate readings, import_chunk`.execute(database.db);
        for (const index of order) {
          const chunk = planned.list[index];
          if (chunk !== undefined) await load(database, planned, chunk, options());
        }
        expect(await readTable(database, readings)).toEqual([expect.stringMatching(/"note": "old".*a-new/)]);
      }
    });

    test("counts a chunk once, however often it is loaded", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2", { count: "x" })));
      const planned = await plan(database, options({ chunkBytes: 1024 }));
      const [chunk] = planned.list;
      if (chunk === undefined) throw new Error("no chunk");

      const first = await load(database, planned, chunk, options());
      const second = await load(database, planned, chunk, options());

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

    test("takes every type, and keeps figures exact", async () => {
      const row = reading("m1", {
        ...{ at: "2026-03-01T12:00:00.123456+02:00", value: "-12345678.90", count: "-2147483648" },
        ...{ total: "9223372036854775807", day: "2024-02-29", valid: "TRUE", note: '"a ""b"", \\N\tc"' },
      });
      objects.put("a.csv", csvOf(row));

      await run(database, options());

      const [stored] = await readTable(database, readings);
      expect(JSON.parse(stored?.replace(/"total": (\d+)/, '"total": "$1"') ?? "")).toMatchObject({
        ...{ value: -12345678.9, count: -2147483648, total: "9223372036854775807" },
        ...{ day: "2024-02-29", valid: true, note: 'a "b", \\N\tc', source_offset: HEADER.length + 1 },
      });
      expect(await values("value")).toEqual(["-12345678.90"]);
    });

    test("unpacks by the key's ending, and does not cut what is packed", async () => {
      const rows = Array.from({ length: 50 }, (_, index) => reading(`m${index}`));
      objects.put("a.csv.gz", gzipSync(csvOf(...rows)));

      const summary = await run(database, options());

      expect(summary).toMatchObject({ chunks: 1, inserted: 50 });
    });

    test("keeps rejected rows with object, byte and reason, and fails with the worst object", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2", { day: "2023-02-29" })));
      objects.put("b.csv", csvOf(reading("m3", { value: "1.005" }), reading("m4", { valid: "maybe" })));
      const failing = run(database, options());

      await expect(failing).rejects.toThrow(/Too many rows were rejected: got 3 of 4, of which 2 in memory:b\.csv/);
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

    test("what was rejected in a run that failed is read again by the next", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2", { count: "x" })));
      await expect(run(database, options({ chunkBytes: 1024 }))).rejects.toThrow("Too many rows");

      await expect(run(database, options({ chunkBytes: 1024 }))).rejects.toThrow("Too many rows");
      const lenient = { ...readings, maxRejected: { percent: 50 } };
      const summary = await run(database, options({ chunkBytes: 1024, contract: lenient }));

      expect(summary).toMatchObject({ rows: 2, unchanged: 1, rejected: 1 });
      expect(await run(database, options({ contract: lenient }))).toMatchObject({ chunks: 0 });
    });
  });
}
