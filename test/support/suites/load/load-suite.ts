import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import { loadByCopy, loadRecords } from "../../../../etl/core/load/load-records";
import {
  batchesOf,
  createStock,
  loadStock as loadStockBy,
  makeStock,
  readStock,
  type StockTable,
  type StockTables,
} from "../../models/stock";

/** What a load must do, on whichever engine `open` gives, with few records and as with many. */
export function describeLoad(engine: string, open: () => Promise<Database<StockTables>>): void {
  describe.each([loadRecords, loadByCopy])(`%p on ${engine}`, (load) => {
    let database: Database<StockTables>;

    beforeAll(async () => {
      database = await open();
    });
    beforeEach(() => createStock(database.db));
    afterAll(() => database?.close());

    const stored = (...facts: Parameters<typeof makeStock>) => makeStock(...facts);
    const loadStock = (to: Database<StockTables>, records: StockTable[] | AsyncIterable<StockTable[]>, run?: string) =>
      loadStockBy(to, records, run, undefined, load);
    const nothing = { inserted: 0, updated: 0, unchanged: 0, dropped: 0, duplicates: 0, revisions: 0 };

    test("inserts what is new, updates what changed, and leaves the rest; the second time it leaves all", async () => {
      const first = [stored({ sku: 1 }), stored({ sku: 2 }), stored({ sku: 3 })];
      const second = [stored({ sku: 1 }), stored({ sku: 2, label: "nut" }), stored({ sku: 4 })];

      expect(await loadStock(database, first)).toEqual({ ...nothing, inserted: 3 });
      expect(await loadStock(database, first)).toEqual({ ...nothing, unchanged: 3 });
      expect(await loadStock(database, second)).toEqual({ ...nothing, inserted: 1, updated: 1, unchanged: 1 });
      expect(await loadStock(database, second)).toEqual({ ...nothing, unchanged: 3 });
      expect((await readStock(database)).map(({ sku, label }) => [sku, label])).toEqual([
        [1, "bolt"],
        [2, "nut"],
        [3, "bolt"],
        [4, "bolt"],
      ]);
    });

    test("writes no row that is equal", async () => {
      const places = () => sql`select ctid::text, xmin::text from stock order by sku`.execute(database.db);
      await loadStock(database, [stored({ sku: 1 }), stored({ sku: 2, amount: null })]);
      const before = await places();

      await loadStock(database, [stored({ sku: 1, amount: "1.50" }), stored({ sku: 2, amount: null })]);

      expect((await places()).rows).toEqual(before.rows);
    });

    test("takes NULL for a value of its own", async () => {
      await loadStock(database, [stored({ sku: 1, label: null }), stored({ sku: 2 }), stored({ sku: 3, label: null })]);
      const counts = await loadStock(database, [
        stored({ sku: 1 }),
        stored({ sku: 2, label: null }),
        stored({ sku: 3, label: null }),
      ]);

      expect(counts).toEqual({ ...nothing, updated: 2, unchanged: 1 });
      expect((await readStock(database)).map(({ label }) => label)).toEqual(["bolt", null, null]);
    });

    test("lets the last of several records of one key win, before it is compared with the table", async () => {
      await loadStock(database, [stored({ sku: 1, label: "v1" })]);

      const back = await loadStock(database, [stored({ label: "v2" }), stored({ sku: 0 }), stored({ label: "v1" })]);
      const forth = await loadStock(database, [
        stored({ label: "v1" }),
        stored({ label: "v3" }),
        stored({ label: "v2" }),
      ]);

      expect(back).toEqual({ ...nothing, inserted: 1, unchanged: 1, duplicates: 1 });
      expect(forth).toEqual({ ...nothing, updated: 1, duplicates: 2 });
      expect((await readStock(database)).at(-1)).toMatchObject({ sku: 1, label: "v2" });
    });

    test("stores any text as it is", async () => {
      const texts = ["\t", "a\nb", "\r\n", "\\", "\\N", "\\.", "'; DROP TABLE stock; --", '"', "", " ", "💡é", "\\t"];
      const records = texts.map((label, sku) => stored({ site: label, sku, label }));

      expect(await loadStock(database, records)).toEqual({ ...nothing, inserted: texts.length });
      expect(await loadStock(database, records)).toEqual({ ...nothing, unchanged: texts.length });
      const rows = await readStock(database);
      expect(new Set(rows.map(({ label }) => label))).toEqual(new Set(texts));
      expect(rows.every(({ site, label }) => site === label)).toBe(true);
    });

    test("keeps numerics exact", async () => {
      await loadStock(database, [stored({ amount: "1234567890123456.7891" })]);

      expect(await readStock(database)).toEqual([stored({ amount: "1234567890123456.7891" })]);
    });

    test.each([
      ["a NUL character", { label: "a\0b" }, /NUL.*record 2 of the load, column label/],
      ["half a surrogate pair", { label: "a\ud83d" }, /surrogate.*record 2 of the load, column label/],
      ["no value", { label: undefined as unknown as null }, /lacks a value.*record 2 of the load, column label/],
      ["no key", { site: null as unknown as string }, /no key.*record 2 of the load, column site/],
      ["a value of another type", { sku: "x" as unknown as number }, /does not fit.*integer: "x".*line 2, column sku/],
      ["a value too large", { amount: "12345678901234567" }, /overflow.*line 2, column amount/],
    ])("refuses a record with %s, and keeps nothing", async (_what, facts, message) => {
      const records = [stored({ sku: 7 }), stored({ sku: 8, ...facts })];

      await expect(loadStock(database, records)).rejects.toMatchObject({
        name: "DatabaseError",
        message: expect.stringMatching(message),
      });
      expect(await readStock(database)).toEqual([]);
    });

    test("passes on what the source of the records throws, and keeps nothing", async () => {
      const broken = new RangeError("the source broke");
      async function* records() {
        yield [stored()];
        throw broken;
      }

      await expect(loadStock(database, records())).rejects.toBe(broken);
      expect(await readStock(database)).toEqual([]);
      expect(await loadStock(database, [stored()])).toEqual({ ...nothing, inserted: 1 });
    });

    test("keeps before and after images of what changed, and of nothing else", async () => {
      const run = randomUUID();
      await loadStock(database, [stored({ sku: 1 }), stored({ sku: 2 })], run);

      const counts = await loadStock(
        database,
        [stored({ sku: 2, label: null, amount: "2.25" }), stored({ sku: 1 }), stored({ sku: 3 })],
        run,
      );

      expect(counts).toEqual({ ...nothing, inserted: 1, updated: 1, unchanged: 1, revisions: 1 });
      expect(await database.db.selectFrom("revision").selectAll().execute()).toEqual([
        {
          id: expect.any(Number),
          run,
          load: expect.any(Number),
          table_name: "stock",
          key: { site: "Berlin", sku: 2 },
          before: { label: "bolt", amount: 1.5 },
          after: { label: null, amount: 2.25 },
        },
      ]);
    });

    test("keeps what changed in a table with more columns than a function of PostgreSQL takes arguments", async () => {
      // Prepare
      const columns = Array.from({ length: 120 }, (_, at) => `c${at}`);
      const wide = (changed: object) => [
        Object.assign({ id: 1 }, ...columns.map((name) => ({ [name]: name })), changed),
      ];
      await sql`create table wide (id integer primary key, ${sql.raw(columns.map((name) => `${name} text`).join(", "))})`.execute(
        database.db,
      );
      const db = database.db.withTables<{ wide: Record<string, unknown> }>();
      const loadWide = (changed: object, run: string) =>
        db.transaction().execute((trx) => {
          const [first = "", ...rest] = columns;
          const records = batchesOf(wide(changed), 1);
          return load(trx, { table: "wide", key: ["id"], columns: [first, ...rest], records, run });
        });
      const run = randomUUID();
      await loadWide({}, run);

      // Act
      const counts = await loadWide({ c3: "new", c77: null, c119: "last" }, run);
      await sql`drop table wide`.execute(database.db);

      // Assess
      expect(counts).toEqual({ ...nothing, updated: 1, revisions: 1 });
      expect(await db.selectFrom("revision").select(["key", "before", "after"]).execute()).toEqual([
        {
          key: { id: 1 },
          before: { c3: "c3", c77: "c77", c119: "c119" },
          after: { c3: "new", c77: null, c119: "last" },
        },
      ]);
    });

    test("loads twice in one transaction, and leaves no trace in the session", async () => {
      const show = () => sql<{ work_mem: string }>`show work_mem`.execute(database.db);
      const before = await show();

      await database.db.transaction().execute(async (trx) => {
        for (const label of ["v1", "v2"]) {
          const records = batchesOf([stored({ label })], 1);
          await load(trx, { table: "stock", key: ["site", "sku"], columns: ["label", "amount"], records });
        }
      });

      expect((await readStock(database)).map(({ label }) => label)).toEqual(["v2"]);
      expect((await show()).rows).toEqual(before.rows);
    });

    test("loads no record at all", async () => {
      expect(await loadStock(database, [])).toEqual(nothing);
    });

    test("tells how far it is", async () => {
      const seen: unknown[] = [];
      const progress = {
        advance: (...facts: unknown[]) => seen.push(facts),
        finish: (...facts: unknown[]) => seen.push(facts),
      };
      const records = batchesOf([stored({ sku: 1 }), stored({ sku: 2 })], 1);

      await database.db.transaction().execute((trx) =>
        load(trx, {
          ...{ table: "stock", key: ["site", "sku"], columns: ["label", "amount"], records, progress },
        }),
      );

      expect(seen).toEqual([
        ["load", "stock", 2],
        ["load", "stock"],
      ]);
    });
  });
}
