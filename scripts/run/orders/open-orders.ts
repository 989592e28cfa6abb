import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { KeptObjects } from "../../../etl/adapters/files/kept-objects";
import { LedgerDirectory } from "../../../etl/adapters/files/ledger-directory";
import { ConsoleNotifier } from "../../../etl/adapters/terminal/console-notifier";
import { LineOutbox } from "../../../etl/adapters/terminal/line-outbox";
import { SourceError } from "../../../etl/core/errors";
import { systemClock } from "../../../etl/pipelines/orders/ledger/lease";
import type { OrdersPorts } from "../../../etl/pipelines/orders/orders-ports";
import type { Worker } from "../../../etl/pipelines/orders/with-batch";
import { ORDERS_FOLDER } from "../places";

const SAMPLES = join(__dirname, "../../../samples/orders");

/** An existing lease is from a run that died: the folder is locked. */
export const LOCAL_WORKER = {
  owners: ["local"],
  until: Number.MAX_SAFE_INTEGER,
  clock: systemClock,
  tellsFailure: false,
} satisfies Worker;

/** A folder with files of `orders`, its ledger, and standard output as the queue. */
export interface OpenOrders {
  readonly folder: string;
  readonly ports: OrdersPorts;
  close(): Promise<void>;
}

/**
 * @param given default: the made-up samples
 * @param options `fresh`: as if nothing had ever been printed
 * @throws SourceError if there is no such folder
 */
export async function openOrders(
  given: string | undefined,
  options: { readonly fresh?: boolean; readonly quiet?: boolean },
): Promise<OpenOrders> {
  const folder = await realpath(given ?? SAMPLES).catch((cause) => {
    throw cannotRead(given ?? SAMPLES, cause);
  });
  const own = join(ORDERS_FOLDER, createHash("sha256").update(folder).digest("hex").slice(0, 16));
  const objects = new KeptObjects(folder, own);
  const ledger = await LedgerDirectory.open(join(own, "ledger"), options);
  if (options.fresh === true) await objects.forget();
  const notifier = options.quiet === true ? { notify: async () => undefined } : new ConsoleNotifier();
  const ports = { objects, ledger, outbox: new LineOutbox(process.stdout), notifier };
  return { folder, ports, close: () => ledger.close() };
}

export function cannotRead(folder: string, cause: NodeJS.ErrnoException): SourceError {
  return new SourceError("The folder cannot be read", {
    got: cause.message,
    where: { source: folder },
    fix: "Name an existing folder that this user may read",
    cause,
  });
}
