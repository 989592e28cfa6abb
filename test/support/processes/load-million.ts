import { openPostgres } from "../../../etl/adapters/postgres/postgres";
import { loadStock, makeStock, type StockTables } from "../models/stock";

const BATCH = 1000;

/** Loads a million records into the database of the URL given; says so when it starts and when it is done. */
async function main(url = ""): Promise<void> {
  const database = await openPostgres<StockTables>(url);
  async function* records() {
    for (let start = 0; start < 1_000_000; start += BATCH) {
      yield Array.from({ length: BATCH }, (_, offset) => makeStock({ sku: start + offset, label: "new" }));
    }
  }
  console.log("started");
  console.log(JSON.stringify(await loadStock(database, records())));
  await database.close();
}

void main(process.argv[2]);
