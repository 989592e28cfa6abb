import { LedgerConflictError } from "../../core/objects/ledger-store";
import { BatchStateItem } from "./ledger/batch-state";
import { BatchBusyError, type Claim, withLease } from "./ledger/lease";
import { describeFailure, notify } from "./notification";
import type { OrdersPorts } from "./orders-ports";
import type { BatchChecks } from "./usual";

/** The worker that looks at a batch. */
export interface Worker extends Claim {
  /** Whether to notify of a failure; not again on each further try. */
  readonly tellsFailure: boolean;
  /** @default {@link DEFAULT_CHECKS} */
  readonly checks?: BatchChecks;
}

/**
 * Works on a batch while nobody else does. A failure is written into the ledger, and notified of.
 *
 * @throws the cause of a failure; the ledger is then unchanged, or also has what was about to be sent
 */
export async function withBatch<Result>(
  batch: string,
  ports: OrdersPorts,
  worker: Worker,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await withLease(ports.ledger, batch, worker, () => workOrWriteFailure(batch, ports, work));
  } catch (error) {
    if (worker.tellsFailure && !isOthersWork(error)) {
      // The failure matters more than the failed notification.
      await Promise.allSettled([notify(ports, describeFailure(batch, error))]);
    }
    throw error;
  }
}

function isOthersWork(error: unknown): boolean {
  return error instanceof LedgerConflictError || error instanceof BatchBusyError;
}

async function workOrWriteFailure<Result>(
  batch: string,
  ports: OrdersPorts,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isOthersWork(error)) {
      // Best effort: the ledger itself may be what failed.
      const write = async () => (await BatchStateItem.read(ports.ledger, batch)).writeFailure(error);
      await write().catch(() => undefined);
    }
    throw error;
  }
}
