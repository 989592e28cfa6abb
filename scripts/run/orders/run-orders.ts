import { readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { LostReaderError } from "../../../etl/adapters/terminal/line-outbox";
import { counted } from "../../../etl/core/counted";
import { SourceError } from "../../../etl/core/errors";
import type { OrdersPorts } from "../../../etl/pipelines/orders/orders-ports";
import type { BatchOutcome } from "../../../etl/pipelines/orders/outcome";
import { processBatch } from "../../../etl/pipelines/orders/process-batch";
import { type Batch, parseBatchFile } from "../../../etl/pipelines/orders/records/batch";
import { adviseOnLedger } from "../advise-here";
import { explainFailure } from "../explain-failure";
import { onStop } from "../on-stop";
import { cannotRead, LOCAL_WORKER, openOrders } from "./open-orders";

/** Prints the messages of a folder's files that no earlier run printed. @returns the exit code */
export async function runOrders(given: string | undefined, options: { fresh?: boolean; quiet?: boolean }) {
  const say = (text: string) => {
    if (options.quiet !== true) console.error(text);
  };
  if (given === undefined) say("These are made-up samples; name a folder to use your own files");
  const orders = await openOrders(given, options);
  const awaitsNoStop = onStop(() => say("Stopped. Run the same command again to print the rest"));
  try {
    return await processAll(await findBatches(orders.folder), orders.ports, say);
  } finally {
    awaitsNoStop();
    await orders.close();
  }
}

async function processAll(batches: readonly Batch[], ports: OrdersPorts, say: (text: string) => void): Promise<number> {
  let exitCode = 0;
  for (const batch of batches) {
    try {
      const outcome = await processBatch(batch, ports, LOCAL_WORKER);
      say(describe(outcome));
      for (const text of [
        ...("notes" in outcome ? outcome.notes : []),
        ...("warnings" in outcome ? outcome.warnings : []),
      ])
        console.error(`warning: ${text}`);
    } catch (error) {
      exitCode = Math.max(exitCode, explainFailure(adviseOnLedger(error)));
      if (error instanceof LostReaderError) break;
    }
  }
  return exitCode;
}

async function findBatches(folder: string): Promise<readonly Batch[]> {
  const names = await readdir(folder, { recursive: true }).catch((cause) => {
    throw cannotRead(folder, cause);
  });
  const batches: Batch[] = [];
  for (const name of names) {
    const batch = parseBatchFile(name.split(sep).join("/"));
    if (batch === undefined) continue;
    if (await isFile(join(folder, name))) batches.push(batch);
    else console.error(`warning: ${name} is left out: it is a folder, or a link that leads to no file`);
  }
  if (batches.length === 0) {
    throw new SourceError("The folder has no files of orders", {
      expected: "customers_YYYYMMDD.csv, orders_YYYYMMDD.csv and items_YYYYMMDD.csv, or .csv.gz",
      where: { source: folder },
    });
  }
  return [...new Map(batches.map((batch) => [batch.id, batch])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => !facts.isDirectory(),
    () => false,
  );
}

function describe(outcome: BatchOutcome): string {
  const { batch } = outcome;
  if (outcome.status === "waiting") return `${batch}: waits for ${outcome.missing.join(" and ")}`;
  if (outcome.status === "unchanged") return `${batch}: nothing new`;
  if (outcome.status === "undone") return `${batch}: went on with the undo of send ${outcome.send}`;
  if (outcome.status === "refused") return `${batch}: ${outcome.reason}`;
  const { customers, orders, items } = outcome.rows;
  return `${batch}: read ${counted(customers, "customer")}, ${counted(orders, "order")}, ${counted(items, "item")}`;
}
