import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { LedgerDirectory } from "../../../../etl/adapters/files/ledger-directory";
import { ObjectDirectory } from "../../../../etl/adapters/files/object-directory";
import { LineOutbox } from "../../../../etl/adapters/terminal/line-outbox";
import { systemClock } from "../../../../etl/pipelines/orders/ledger/lease";
import { processBatch } from "../../../../etl/pipelines/orders/process-batch";
import { watchMemory } from "./memory";

/** A batch of orders in a separate process, including its ledger: `orders-millrace.ts FOLDER OUTPUT LEDGER`. */
async function main([folder = "", output = "", ledgerFolder = ""]: readonly string[]): Promise<void> {
  const peak = watchMemory();
  const started = performance.now();
  const cpuStarted = process.cpuUsage();
  const ledger = await LedgerDirectory.open(ledgerFolder, { fresh: true });
  const lines = createWriteStream(output);
  const ports = {
    objects: new ObjectDirectory(folder, join(ledgerFolder, "rejected")),
    ledger,
    outbox: new LineOutbox(lines),
    notifier: { notify: async () => undefined },
  };
  const claim = { owners: [], until: Number.MAX_SAFE_INTEGER, clock: systemClock, tellsFailure: false };
  const outcome = await processBatch({ id: "20260828", prefix: "", date: "20260828" }, ports, claim);
  await new Promise<void>((resolve) => lines.end(resolve));
  const seconds = (performance.now() - started) / 1000;
  const cpu = process.cpuUsage(cpuStarted);
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  await ledger.close();
  const inserted = outcome.status === "sent" ? outcome.first : 0;
  console.log(JSON.stringify({ seconds, cpuSeconds, peakKiB: peak(), inserted }));
}

void main(process.argv.slice(2));
