import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import { createStock, loadStock, makeStock, readStock, type StockTable, type StockTables } from "../../models/stock";

/** A trigger function whose body is given, and the trigger `meddler` that calls it. */
export function meddler(table: string, when: string, body: string): string[] {
  return [
    `create or replace function meddle() returns trigger language plpgsql as $$ begin ${body} end $$`,
    `create trigger meddler ${when} on ${table} for each row execute function meddle()`,
  ];
}

/** What a load tells of a table that drops or changes rows by itself, on whichever engine `open` gives. */
export function describeHabitsOfTables(engine: string, open: () => Promise<Database<StockTables>>): void {
  describe(`a load of a table with habits of its own on ${engine}`, () => {
    let database: Database<StockTables>;
    let warnings: string[];
    const nothing = { inserted: 0, updated: 0, unchanged: 0, dropped: 0, duplicates: 0, revisions: 0 };
    const execute = async (...statements: readonly string[]) => {
      for (const statement of statements) await sql.raw(statement).execute(database.db);
    };
    const load = (records: StockTable[]) =>
      loadStock(database, records, randomUUID(), (warning) => warnings.push(warning));
    const labels = async () => (await readStock(database)).map(({ label }) => label);
    const images = () => database.db.selectFrom("revision").select(["key", "before", "after"]).execute();

    beforeAll(async () => {
      database = await open();
    });
    beforeEach(async () => {
      warnings = [];
      await execute("drop table if exists stock");
      await createStock(database.db);
    });
    afterAll(() => database?.close());

    test("a trigger that drops new rows: they are dropped, each time, and the warning names table and trigger", async () => {
      // Prepare
      await execute(...meddler("stock", "before insert", "if new.sku > 1 then return null; end if; return new;"));
      const records = [makeStock({ sku: 1 }), makeStock({ sku: 2 }), makeStock({ sku: 3 })];

      // Act
      const [first, second] = [await load(records), await load(records)];

      // Assess
      expect(first).toEqual({ ...nothing, inserted: 1, dropped: 2 });
      expect(second).toEqual({ ...nothing, unchanged: 1, dropped: 2 });
      expect(warnings).toEqual([
        expect.stringMatching(/^stock: 2 rows were dropped by triggers of the table \(meddler\)/),
        expect.stringMatching(/^stock: 2 rows were dropped/),
      ]);
      expect(await labels()).toEqual(["bolt"]);
    });

    test("a trigger that drops updates: no revision tells of what never happened", async () => {
      // Prepare
      await load([makeStock({ sku: 1 }), makeStock({ sku: 2 })]);
      await execute(...meddler("stock", "before update", "if new.sku = 1 then return null; end if; return new;"));

      // Act
      const counts = await load([makeStock({ sku: 1, label: "nut" }), makeStock({ sku: 2, label: "nut" })]);

      // Assess
      expect(counts).toEqual({ ...nothing, updated: 1, dropped: 1, revisions: 1 });
      expect(await labels()).toEqual(["bolt", "nut"]);
      expect(await images()).toEqual([
        { key: { site: "Berlin", sku: 2 }, before: { label: "bolt" }, after: { label: "nut" } },
      ]);
    });

    test("a trigger that undoes updates leaves no revision", async () => {
      // Prepare
      await load([makeStock({ sku: 1 }), makeStock({ sku: 2 })]);
      await execute(...meddler("stock", "before update", "if new.sku = 1 then return old; end if; return new;"));

      // Act
      const counts = await load([makeStock({ sku: 1, label: "nut" }), makeStock({ sku: 2, label: "nut" })]);

      // Assess
      expect(counts).toMatchObject({ updated: 2, revisions: 1 });
      expect(await labels()).toEqual(["bolt", "nut"]);
      expect(await images()).toEqual([
        { key: { site: "Berlin", sku: 2 }, before: { label: "bolt" }, after: { label: "nut" } },
      ]);
      expect(warnings).toEqual([expect.stringMatching(/^stock: 1 row was changed by triggers/)]);
    });

    test("a trigger that changes rows: revisions have what was written, and every run says that it met them", async () => {
      // Prepare
      await load([makeStock({ sku: 1 })]);
      await execute(...meddler("stock", "before insert or update", "new.label := upper(new.label); return new;"));
      const records = [makeStock({ sku: 1, label: "nut" }), makeStock({ sku: 2, label: "nut" })];

      // Act
      const [first, second] = [await load(records), await load(records)];

      // Assess
      expect(first).toEqual({ ...nothing, inserted: 1, updated: 1, revisions: 1 });
      expect(second).toEqual({ ...nothing, dropped: 2 });
      expect(await labels()).toEqual(["NUT", "NUT"]);
      expect(await images()).toEqual([
        { key: { site: "Berlin", sku: 1 }, before: { label: "bolt" }, after: { label: "NUT" } },
      ]);
      expect(warnings).toEqual([
        expect.stringMatching(/^stock: 2 rows were changed by triggers of the table \(meddler\)/),
        expect.stringMatching(/^stock: 2 rows were dropped by triggers/),
      ]);
    });

    test("a trigger that changes rows after they were written is reported, too", async () => {
      // Prepare
      const body = "update stock set label = 'mine' where sku = new.sku and label <> 'mine'; return null;";
      await execute(...meddler("stock", "after insert or update", body));

      // Act
      const counts = await load([makeStock({ sku: 1 }), makeStock({ sku: 2, label: "mine" })]);

      // Assess
      expect(counts).toEqual({ ...nothing, inserted: 2 });
      expect(warnings).toEqual([expect.stringMatching(/^stock: 1 row was changed by triggers/)]);
    });

    test("a trigger that waits for the COMMIT to change rows is reported, too", async () => {
      // Prepare
      const [make] = meddler("stock", "", "update stock set label = 'mine' where sku = new.sku; return null;");
      const deferred = "on stock deferrable initially deferred for each row when (new.label <> 'mine')";
      await execute(
        make ?? "",
        `create constraint trigger "the Late" after insert or update ${deferred} execute function meddle()`,
      );

      // Act
      const counts = await load([makeStock({ sku: 1 }), makeStock({ sku: 2, label: "mine" })]);

      // Assess
      expect(counts).toEqual({ ...nothing, inserted: 2 });
      expect(await labels()).toEqual(["mine", "mine"]);
      expect(warnings).toEqual([expect.stringMatching(/^stock: 1 row was changed by triggers.*the Late/)]);
    });

    test("a table with a foreign partition can have no key, and is refused for that", async () => {
      // Prepare
      await execute(
        "drop table stock",
        "create table stock (site text, sku integer, label text, amount numeric(20, 4)) partition by range (sku)",
        "create foreign data wrapper elsewhere",
        "create server elsewhere foreign data wrapper elsewhere",
        "create foreign table stock_far partition of stock for values from (0) to (9) server elsewhere",
      );

      // Act
      const loading = load([makeStock()]);

      // Assess
      await expect(loading)
        .rejects.toThrow(/no unique index on exactly its natural key|has no handler/)
        .finally(() => execute("drop table stock", "drop foreign data wrapper elsewhere cascade"));
    });

    test("a trigger that only looks changes neither counts nor revisions", async () => {
      // Prepare
      await load([makeStock({ sku: 1 }), makeStock({ sku: 2 })]);
      await execute(...meddler("stock", "before insert or update", "return new;"));

      // Act
      const counts = await load([makeStock({ sku: 1 }), makeStock({ sku: 2, label: "nut" }), makeStock({ sku: 3 })]);

      // Assess
      expect(counts).toEqual({ ...nothing, inserted: 1, updated: 1, unchanged: 1, revisions: 1 });
      expect(await images()).toEqual([
        { key: { site: "Berlin", sku: 2 }, before: { label: "bolt" }, after: { label: "nut" } },
      ]);
      expect(warnings).toEqual([]);
    });

    test.each([
      ["drops what is inserted", "on insert to stock do instead nothing"],
      ["drops some of it", "on insert to stock where new.sku > 1 do instead nothing"],
      ["does something besides", "on update to stock do also notify stock"],
    ])("a rule that %s is refused by name", async (_, rule) => {
      // Prepare
      await execute(`create rule "my rule" as ${rule}`);

      // Act
      const loading = load([makeStock()]);

      // Assess
      await expect(loading).rejects.toThrow(/The table stock has rules.*my rule.*DROP RULE "my rule" ON "stock"/);
    });

    test.each([
      ["a view", "create view stock as select * from shelf", "drop view stock"],
      ["a materialized view", "create materialized view stock as select * from shelf", "drop materialized view stock"],
    ])("%s in its place is called that", async (kind, make, drop) => {
      // Prepare
      await execute("alter table stock rename to shelf", make);

      // Act
      const loading = load([makeStock()]);

      // Assess
      await expect(loading)
        .rejects.toThrow(new RegExp(`stock is not a table: got ${kind}, expected a table.*Rename or drop it`))
        .finally(() => execute(drop, "drop table shelf"));
    });

    test("a table from which others inherit is refused, of which no longer is taken", async () => {
      // Prepare
      await load([makeStock({ sku: 1 })]);
      await execute('create table "Heir" () inherits (stock)', 'insert into "Heir" select * from stock');

      // Act
      const refused = load([makeStock({ sku: 1, label: "nut" })]);
      await refused.catch(() => undefined);
      await execute('alter table "Heir" no inherit stock', 'drop table "Heir"');
      const counts = await load([makeStock({ sku: 1, label: "nut" })]);

      // Assess
      await expect(refused).rejects.toThrow(
        /Other tables inherit from stock: got "Heir", expected none.*ALTER TABLE "Heir" NO INHERIT "stock"/,
      );
      expect(counts).toEqual({ ...nothing, updated: 1, revisions: 1 });
      expect(await labels()).toEqual(["nut"]);
    });

    test.each([
      ["is generated", "drop column amount, add column amount numeric generated always as (sku) stored", "EXPRESSION"],
      ["counts", "alter sku add generated always as identity", "IDENTITY"],
    ])("a column that %s has its own advice", async (_, change, what) => {
      // Prepare
      await execute(`alter table stock ${change}`);

      // Act
      const loading = load([makeStock()]);

      // Assess
      await expect(loading).rejects.toThrow(new RegExp(`generated by the database: got .*DROP ${what}`));
    });

    test("rows that row-level security hides are an error that says so, never a count", async () => {
      // Prepare
      await load([makeStock({ sku: 1 }), makeStock({ sku: 2 })]);
      await execute(
        // PGlite keeps pg_database to its owner, and copies from a file.
        "create role clerk in role pg_read_all_data, pg_read_server_files",
        "grant all on stock, revision, load_history, inserted_key to clerk",
        "alter table stock enable row level security",
        "create policy own on stock using (sku <> 2)",
        "set role clerk",
      );

      // Act
      const loading = load([makeStock({ sku: 2, label: "nut" })]);

      // Assess
      await expect(loading)
        .rejects.toThrow(/row-level security.*"stock".*BYPASSRLS/)
        .finally(() => execute("reset role", "drop owned by clerk", "drop role clerk"));
      expect(await labels()).toEqual(["bolt", "bolt"]);
    });

    test("a partitioned table is loaded as any other, and its partitions' triggers are seen", async () => {
      // Prepare
      await execute(
        "drop table stock",
        `create table stock (site text, sku integer, label text, amount numeric(20, 4), primary key (site, sku))
          partition by range (sku)`,
        "create table stock_low partition of stock for values from (minvalue) to (3)",
        "create table stock_high partition of stock for values from (3) to (maxvalue)",
      );
      await load([makeStock({ sku: 1 }), makeStock({ sku: 2 }), makeStock({ sku: 3 })]);
      const next = [makeStock({ sku: 2 }), makeStock({ sku: 3, label: "nut" }), makeStock({ sku: 4 })];

      // Act
      const second = await load(next);
      await execute(...meddler("stock_high", "before insert", "return null;"));
      const third = await load([...next, makeStock({ sku: 0 }), makeStock({ sku: 5 })]);
      await execute("drop table stock");

      // Assess
      expect(second).toEqual({ ...nothing, inserted: 1, updated: 1, unchanged: 1, revisions: 1 });
      expect(third).toEqual({ ...nothing, inserted: 1, unchanged: 3, dropped: 1 });
      expect(warnings).toEqual([expect.stringMatching(/^stock: 1 row was dropped by triggers.*meddler/)]);
    });
  });
}
