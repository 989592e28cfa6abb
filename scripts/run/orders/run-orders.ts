import { createHash } from "node:crypto";
import { readdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { LedgerDirectory } from "../../../etl/adapters/files/ledger-directory";
import { ObjectDirectory } from "../../../etl/adapters/files/object-directory";
import { ConsoleNotifier } from "../../../etl/adapters/terminal/console-notifier";
import { LineOutbox, LostReaderError } from "../../../etl/adapters/terminal/line-outbox";
import { SourceError } from "../../../etl/core/errors";
import { refuseUrl } from "../../../etl/core/fetch/url";
import { systemClock } from "../../../etl/pipelines/orders/ledger/lease";
import type { BatchOutcome } from "../../../etl/pipelines/orders/outcome";
import { type OrdersPorts, processBatch } from "../../../etl/pipelines/orders/process-batch";
import { type Batch, parseBatchFile } from "../../../etl/pipelines/orders/records/batch";
import { adviseOnLedger } from "../advise-here";
import { explainFailure } from "../explain-failure";
import { onStop } from "../on-stop";
import { ORDERS_FOLDER } from "../places";

const SAMPLES = join(__dirname, "../../../samples/orders");

/** Prints the messages of a folder's files that no earlier run printed. @returns the exit code */
export async function runOrders(given: string | undefined, options: { fresh?: boolean; quiet?: boolean }) {
  const say = (text: string) => {
    if (options.quiet !== true) console.error(text);
  };
  if (given === undefined) say("These are made-up samples; name a folder to use your own files");
  if (given !== undefined) refuseUrl(given);
  const folder = await realpath(given ?? SAMPLES).catch((cause) => {
    throw cannotRead(given ?? SAMPLES, cause);
  });
  const own = join(ORDERS_FOLDER, createHash("sha256").update(folder).digest("hex").slice(0, 16));
  const batches = await findBatches(folder);
  const ledger = await LedgerDirectory.open(join(own, "ledger"), options);
  const awaitsNoStop = onStop(() => say("Stopped. Run the same command again to print the rest"));
  try {
    const ports = {
      objects: new ObjectDirectory(folder, own),
      ledger,
      outbox: new LineOutbox(process.stdout),
      notifier: options.quiet === true ? { notify: async () => undefined } : new ConsoleNotifier(),
    };
    return await processAll(batches, ports, say);
  } finally {
    awaitsNoStop();
    await ledger.close();
  }
}

async function processAll(batches: readonly Batch[], ports: OrdersPorts, say: (text: string) => void): Promise<number> {
  let exitCode = 0;
  for (const batch of batches) {
    // An existing lease is from a run that died: the folder is locked.
    const worker = { owners: ["local"], until: Number.MAX_SAFE_INTEGER, clock: systemClock };
    try {
      const outcome = await processBatch(batch, ports, { ...worker, tellsFailure: false });
      say(describe(outcome));
      for (const text of outcome.status === "sent" ? [...outcome.notes, ...outcome.warnings] : [])
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
  const batches = names.map((name) => parseBatchFile(name.split(sep).join("/"))).filter((batch) => batch !== undefined);
  if (batches.length === 0) {
    throw new SourceError("The folder has no files of orders", {
      expected: "customers_YYYYMMDD.csv, orders_YYYYMMDD.csv and items_YYYYMMDD.csv, or .csv.gz",
      where: { source: folder },
    });
  }
  return [...new Map(batches.map((batch) => [batch.id, batch])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function describe(outcome: BatchOutcome): string {
  const { batch } = outcome;
  if (outcome.status === "waiting") return `${batch}: waits for ${outcome.missing.join(" and ")}`;
  if (outcome.status === "unchanged") return `${batch}: nothing new`;
  const { customers, orders, items } = outcome.rows;
  return `${batch}: read ${customers} customers, ${orders} orders, ${items} items`;
}

function cannotRead(folder: string, cause: NodeJS.ErrnoException): SourceError {
  return new SourceError("The folder cannot be read", {
    got: cause.message,
    where: { source: folder },
    fix: "Name an existing folder that this user may read",
    cause,
  });
}
