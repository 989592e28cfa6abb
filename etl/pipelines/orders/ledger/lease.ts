import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { MillraceError } from "../../../core/errors";
import { type LedgerStore, readValue } from "../../../core/objects/ledger-store";

const ITEM = "lease";
const LOOK_AGAIN_MS = 500;
/** Time to report that the lease was not obtained. */
const SAY_SO_MS = 5_000;

const leaseSchema = z.object({
  /** Whose it is: another one for each claim. */
  token: z.string(),
  /** The messages that its owner works on. */
  owners: z.array(z.string()),
  /** Milliseconds since 1970. */
  until: z.number(),
});

/** Tells the time in milliseconds since 1970, and lets it pass. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

export const systemClock: Clock = { now: Date.now, sleep };

/** Who wants a batch for itself. */
export interface Claim {
  /**
   * Ids of the messages that made this worker start. A lease of one of these is of an earlier try, which is dead: it is
   * taken over at once.
   */
  readonly owners: readonly string[];
  /** The time by which this worker has certainly ended. */
  readonly until: number;
  readonly clock: Clock;
}

/** Another worker had the batch for as long as this one could wait. */
export class BatchBusyError extends MillraceError {
  override readonly name = "BatchBusyError";
}

/**
 * Keeps two workers from processing one batch at once: the second waits for its turn, and then nearly always has
 * nothing to do. It only saves work; the revisions make sure that an outdated worker does no harm.
 *
 * @throws BatchBusyError if this worker's time ends before its turn
 */
export async function withLease<Result>(
  store: LedgerStore,
  batch: string,
  { owners, until, clock }: Claim,
  work: () => Promise<Result>,
): Promise<Result> {
  const lease = { token: randomUUID(), owners: [...owners], until };
  for (;;) {
    const held = await read(store, batch);
    const isFree =
      held === undefined || held.until <= clock.now() || held.owners.some((owner) => owners.includes(owner));
    if (isFree && (await store.write(batch, ITEM, JSON.stringify(lease), held?.revision)) !== undefined) break;
    if (clock.now() + SAY_SO_MS >= until) throw busy(batch);
    await clock.sleep(LOOK_AGAIN_MS);
  }
  try {
    return await work();
  } finally {
    // The work's result counts: a lease that cannot be returned expires by itself.
    await giveBack(store, batch, lease.token).catch(() => undefined);
  }
}

async function giveBack(store: LedgerStore, batch: string, token: string): Promise<void> {
  const held = await read(store, batch);
  if (held?.token === token) await store.remove(batch, ITEM, held.revision);
}

async function read(store: LedgerStore, batch: string) {
  const item = await store.read(batch, ITEM);
  return item === undefined ? undefined : { ...readValue(leaseSchema, batch, item), revision: item.revision };
}

function busy(batch: string): BatchBusyError {
  return new BatchBusyError(`Another worker is processing batch ${batch}`, {
    fix: "Nothing: the event is tried again",
  });
}
