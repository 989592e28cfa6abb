import { randomUUID } from "node:crypto";
import { openPostgres } from "../../../../etl/adapters/postgres/postgres";
import type { CoreTables } from "../../../../etl/core/database/tables";
import { loadRecords } from "../../../../etl/core/load/load-records";
import { makeBatches, makeKeys, shapes, WARM_UP_LOADS, WARM_UP_ROWS, warmUpTable } from "../shapes";
import { watchMemory } from "./memory";

type Tables = CoreTables & Record<string, Record<string, string | number>>;

/** One load in a separate process: `load-millrace.ts URL TABLE SIZE CASE warm|cold on|off`, the last for revisions. */
async function main([
  url = "",
  name = "",
  size = "",
  variant = "",
  warmUp = "",
  revisions = "",
]: readonly string[]): Promise<void> {
  const shape = name === shapes.orders.table ? shapes.orders : shapes.series;
  const keys = makeKeys(shape, Math.max(Number(size), WARM_UP_ROWS));
  const { db, close } = await openPostgres<Tables>(url);
  const load = (table: string, rows: number) =>
    db.transaction().execute((trx) =>
      loadRecords(trx, {
        table,
        key: [shape.key],
        columns: shape.columns,
        records: makeBatches(shape, keys.slice(0, rows), variant === "tenth"),
        run: revisions === "on" ? randomUUID() : undefined,
      }),
    );
  const peak = watchMemory();
  // Few rows are loaded in another way than many: the one that is measured.
  const rows = Math.min(Number(size), WARM_UP_ROWS);
  const loads = (WARM_UP_LOADS * WARM_UP_ROWS) / rows;
  for (let left = warmUp === "warm" ? loads : 0; left > 0; left -= 1) await load(warmUpTable(shape), rows);
  const started = performance.now();
  const { inserted, updated } = await load(shape.table, Number(size));
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ seconds, peakKiB: peak(), inserted, updated }));
  await close();
}

void main(process.argv.slice(2));
