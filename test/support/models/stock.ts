import { type Kysely, sql } from "kysely";
import type { Database } from "../../../etl/core/database/database";
import type { RevisionTable } from "../../../etl/core/database/tables";
import { type LoadCounts, loadRecords } from "../../../etl/core/load/load-records";

/** A table with a key of two columns, and values of each kind that needs care. */
export interface StockTable {
  site: string;
  sku: number;
  label: string | null;
  amount: string | null;
}

export interface StockTables {
  stock: StockTable;
  revision: RevisionTable;
}

export async function createStock(db: Kysely<StockTables>): Promise<void> {
  await sql`create table if not exists stock (site text, sku integer, label text, amount numeric(20, 4), primary key (site, sku))`.execute(
    db,
  );
  await sql`create table if not exists revision (
    id bigint primary key generated always as identity, run uuid, load bigint, table_name text, key jsonb, before jsonb, after jsonb
  )`.execute(db);
  await sql`create table if not exists load_history (
    id bigint primary key generated always as identity, run uuid, table_name text, key text[], kept text
  )`.execute(db);
  await sql`create table if not exists inserted_key (load bigint, part integer, place integer, integers bigint[], days date[], texts text[])`.execute(
    db,
  );
  await sql`truncate stock, revision, load_history, inserted_key`.execute(db);
}

export function makeStock(facts: Partial<StockTable> = {}): StockTable {
  return { site: "Berlin", sku: 1, label: "bolt", amount: "1.5", ...facts };
}

/** Loads records in batches, in a transaction of its own. */
export function loadStock(
  { db }: Database<StockTables>,
  records: AsyncIterable<StockTable[]> | StockTable[],
  run?: string,
  warn?: (warning: string) => void,
  load = loadRecords,
): Promise<LoadCounts> {
  return db.transaction().execute((trx) =>
    load(trx, {
      table: "stock",
      key: ["site", "sku"],
      columns: ["label", "amount"],
      records: Array.isArray(records) ? batchesOf(records, 3) : records,
      run,
      warn,
    }),
  );
}

export async function* batchesOf<Item>(items: readonly Item[], size: number): AsyncGenerator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** All rows in the key's order, compared byte by byte. */
export function readStock({ db }: Database<StockTables>): Promise<StockTable[]> {
  return db.selectFrom("stock").selectAll().orderBy(sql`site collate "C"`).orderBy("sku").execute();
}
