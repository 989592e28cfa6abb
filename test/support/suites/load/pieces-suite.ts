import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import { encodeCopyText } from "../../../../etl/core/load/copy-text";
import { KeyOrder } from "../../../../etl/core/load/key-order";
import { prepareStage } from "../../../../etl/core/load/pieces";
import { copyIntoStage, countPages, createStage, dropStage } from "../../../../etl/core/load/stage";
import { NO_HABITS } from "../../../../etl/core/load/table-habits";
import { upsertStage } from "../../../../etl/core/load/upsert";
import {
  batchesOf,
  createStock,
  loadStock,
  makeStock,
  readStock,
  type StockTable,
  type StockTables,
} from "../../models/stock";

const COLUMNS = ["site", "sku", "label", "amount"] as const;
const TARGET = { table: "stock", key: ["site", "sku"], columns: ["label", "amount"] };
const SITES = ["Aachen", "Berlin", "Bonn"];
/** Some thirty pages of the stage. */
const STOCK = SITES.flatMap((site) => Array.from({ length: 1_500 }, (_, sku) => makeStock({ site, sku })));

/** A stage that is joined with its target one page after the other, on whichever engine `open` gives. */
export function describePieces(engine: string, open: () => Promise<Database<StockTables>>): void {
  describe.each([true, false])(`a load joined piece by piece on ${engine}, rows read at once: %s`, (isDense) => {
    let database: Database<StockTables>;

    beforeAll(async () => {
      database = await open();
    });
    beforeEach(() => createStock(database.db));
    afterAll(() => database?.close());

    test("inserts what is new, and finds all of it again", async () => {
      expect(await loadInPieces(STOCK)).toMatchObject({ inserted: STOCK.length, updated: 0 });
      expect(await readStock(database)).toEqual(STOCK.map(stored));
      expect(await loadInPieces(STOCK)).toMatchObject({ inserted: 0, updated: 0 });
    });

    test("updates what changed, between rows that are new and rows that no record has", async () => {
      // Prepare
      await loadStock(
        database,
        batchesOf(
          STOCK.filter((_, at) => at % 5 !== 0),
          1_000,
        ),
      );
      const records = STOCK.filter((_, at) => at % 7 !== 0).map((each, at) =>
        at % 10 === 0 ? { ...each, label: null } : each,
      );
      const isNew = ({ site, sku }: StockTable) =>
        STOCK.findIndex((each) => each.site === site && each.sku === sku) % 5 === 0;

      // Act
      const { inserted, updated } = await loadInPieces(records);

      // Assess
      expect(inserted).toBe(records.filter(isNew).length);
      expect(updated).toBe(records.filter((each) => each.label === null && !isNew(each)).length);
      const expected = new Map(
        [...STOCK.filter((_, at) => at % 5 !== 0), ...records].map((each) => [`${each.site} ${each.sku}`, each]),
      );
      const rows = await readStock(database);
      expect(rows).toHaveLength(expected.size);
      for (const row of rows) expect(row).toEqual(stored(expected.get(`${row.site} ${row.sku}`) ?? makeStock()));
    });

    test("is right where rows lie in another order than was said", async () => {
      await loadStock(database, batchesOf(STOCK, 1_000));
      const records = [...STOCK].reverse().map((each, at) => (at % 10 === 0 ? { ...each, label: "nut" } : each));

      expect(await loadInPieces(records)).toMatchObject({ inserted: 0, updated: STOCK.length / 10 });
      expect((await readStock(database)).filter(({ label }) => label === "nut")).toHaveLength(STOCK.length / 10);
    });

    function loadInPieces(records: readonly StockTable[]) {
      return database.db.transaction().execute(async (trx) => {
        await createStage(trx, "stock", COLUMNS);
        await copyIntoStage(
          trx,
          COLUMNS,
          encodeCopyText(batchesOf(records, 1_000), COLUMNS, () => undefined),
        );
        const pages = await countPages(trx);
        expect(pages).toBeGreaterThan(20);
        const counts = await upsertStage(trx, TARGET, {
          history: undefined,
          pieces: { pages, size: 1, isDense },
          habits: NO_HABITS,
        });
        await dropStage(trx);
        return counts;
      });
    }
  });
}

/**
 * How a load is joined, as the engine's own catalogue decides it.
 *
 * @param collations which the engine has
 */
export function describeCuts(
  engine: string,
  open: () => Promise<Database<StockTables>>,
  collations: readonly string[],
): void {
  describe(`how a load is joined on ${engine}`, () => {
    let database: Database<StockTables>;
    const target = { table: "stock", key: ["sku"] };

    beforeAll(async () => {
      database = await open();
    });
    beforeEach(async () => {
      await sql`drop table if exists stock`.execute(database.db);
      await createStock(database.db);
      await loadStock(database, batchesOf(STOCK, 1_000));
      await sql`analyze stock`.execute(database.db);
    });
    afterAll(() => database?.close());

    test("as a whole where it has few rows, or rows in another order, each key once", async () => {
      expect(await prepare(200_000, [1, 2, 5])).toMatchObject({ pieces: undefined, duplicates: 0, skus: [1, 2, 5] });
      expect(await prepare(200_001, [1, 5, 2, 5])).toMatchObject({ pieces: undefined, duplicates: 1, skus: [1, 2, 5] });
    });

    test("reading the table's part at once where most of it is met", async () => {
      const pieces = { pages: 1, size: 512, isDense: true };
      expect(await prepare(200_001, [1, 2, 5])).toMatchObject({ pieces, duplicates: 0, skus: [1, 2, 5] });
    });

    test("looking rows up where the table has many more in between", async () => {
      await makeLarge();

      expect(await prepare(200_001, [1, 2, 1_400])).toMatchObject({ pieces: { isDense: false } });
      expect(await prepare(200_001, [2_000, 2_001])).toMatchObject({ pieces: { isDense: true } });
    });

    test("piece by piece where the table is much larger than fewer rows", async () => {
      await makeLarge();

      expect(await prepare(10_001, [1, 2, 5])).toMatchObject({ pieces: { pages: 1 } });
      expect(await prepare(10_000, [1, 2, 5])).toMatchObject({ pieces: undefined });
    });

    test("in the order of keys where the table is much larger, of each key the last row", async () => {
      await makeLarge();

      const { skus, labels, ...prepared } = await prepare(200_001, [7, 5, 1_400, 5, 2]);

      expect(prepared).toMatchObject({ pieces: { pages: 1, isDense: false }, duplicates: 200_001 - skus.length });
      expect(skus).toEqual([2, 5, 7, 1_400]);
      expect(labels).toEqual(["4", "3", "0", "2"]);
    });

    test.each(collations)("in no order, of text ordered as by %s, as the records say", async (collation) => {
      // Prepare
      await sql`alter table stock alter column site type text collate ${sql.id(collation)}`.execute(database.db);
      await sql`truncate stock`.execute(database.db);
      const known = ["aachen", "Berlin", "bonn", "Bonn"].flatMap((site) =>
        Array.from({ length: 3_000 }, (_, sku) => makeStock({ site, sku })),
      );
      const STEP = 7_919;
      const shuffled = known.map((_, at) => known[(at * STEP) % known.length] ?? makeStock());
      await loadStock(database, batchesOf(shuffled.slice(2_000), 1_000));
      await sql`analyze stock`.execute(database.db);
      await makeLarge();
      const changed = shuffled.slice(1_500, 2_500).map((each) => ({ ...each, label: "nut" }));

      // Act
      const first = await loadStock(database, batchesOf([...shuffled, ...changed], 1_000));
      const again = await loadStock(database, batchesOf([...changed, ...shuffled.slice(2_500)], 1_000));

      // Assess
      expect(first).toMatchObject({ inserted: 2_000, updated: 500, unchanged: 9_500, duplicates: 1_000 });
      expect(again).toMatchObject({ inserted: 0, updated: 0, unchanged: 10_500, duplicates: 0 });
      const rows = await readStock(database);
      expect(rows).toHaveLength(known.length);
      expect(rows.filter(({ label }) => label === "nut")).toHaveLength(changed.length);
    });

    /** As if the table had a thousand million rows. */
    const makeLarge = () => sql`update pg_class set reltuples = 1e9 where relname = 'stock'`.execute(database.db);

    /** @param rows the number of rows that are said to be in the stage */
    function prepare(rows: number, skus: readonly number[]) {
      return database.db.transaction().execute(async (trx) => {
        const order = new KeyOrder(["sku"], await createStage(trx, "stock", COLUMNS), () => (sku: number) => sku);
        for (const sku of skus) order.see(sku, 1);
        const records = batchesOf(
          skus.map((sku, at) => makeStock({ sku, label: String(at) })),
          1_000,
        );
        await copyIntoStage(
          trx,
          COLUMNS,
          encodeCopyText(records, COLUMNS, () => undefined),
        );
        const { isIncreasing, isServersOrder } = order;
        const { duplicates, pieces } = await prepareStage(trx, target, { rows, isIncreasing, isServersOrder });
        const left = await sql<{
          sku: number;
          label: string;
        }>`select sku, label from millrace_stage order by ctid`.execute(trx);
        return {
          pieces,
          duplicates,
          skus: left.rows.map(({ sku }) => sku),
          labels: left.rows.map(({ label }) => label),
        };
      });
    }
  });
}

/** As the table has it. */
function stored(record: StockTable): StockTable {
  return { ...record, amount: "1.5000" };
}
