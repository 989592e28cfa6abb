import { randomUUID } from "node:crypto";
import * as fc from "fast-check";
import type { Database } from "../../../etl/core/database/database";
import { loadByCopy, loadRecords } from "../../../etl/core/load/load-records";
import { createStock, loadStock, readStock, type StockTable, type StockTables } from "./stock";

const anyRecord: fc.Arbitrary<StockTable> = fc.record({
  site: fc.constantFrom("", "a", "A", "b", "ä", "\\N", "💡"),
  sku: fc.integer({ min: -2, max: 2 }),
  label: fc.option(fc.string({ unit: "binary" }).map((text) => text.replace(/\0|\p{Surrogate}/gu, "?"))),
  amount: fc.option(fc.integer({ min: -20_000, max: 20_000 }).map((value) => (value / 10_000).toFixed(4))),
});

const keyOf = ({ site, sku }: StockTable) => JSON.stringify([site, sku]);

/** Loads records one after the other into a Map, as the table should behave. */
function loadIntoModel(model: Map<string, StockTable>, records: readonly StockTable[]) {
  const last = new Map(records.map((record) => [keyOf(record), record]));
  const counts = {
    inserted: 0,
    updated: 0,
    unchanged: 0,
    dropped: 0,
    duplicates: records.length - last.size,
    revisions: 0,
  };
  for (const [key, record] of last) {
    const before = model.get(key);
    if (before === undefined) counts.inserted += 1;
    else if (before.label === record.label && before.amount === record.amount) counts.unchanged += 1;
    else counts.updated += 1;
    model.set(key, record);
  }
  return { ...counts, revisions: counts.updated };
}

/** Random loads, one after the other, compared with a Map: counts, rows and revisions. */
export function describeLoadModel(engine: string, open: () => Promise<Database<StockTables>>, runs: number): void {
  test.each([loadRecords, loadByCopy])(`any loads do what a Map would do, by %p on ${engine}`, async (load) => {
    const database = await open();
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(anyRecord, { maxLength: 30 }), { maxLength: 4 }), async (loads) => {
          await createStock(database.db);
          const model = new Map<string, StockTable>();
          for (const records of loads) {
            expect(await loadStock(database, records, randomUUID(), undefined, load)).toEqual(
              loadIntoModel(model, records),
            );
            expect(new Map((await readStock(database)).map((row) => [keyOf(row), row]))).toEqual(model);
          }
        }),
        { numRuns: runs },
      );
    } finally {
      await database.close();
    }
  });
}
