import { UsageError } from "../../../core/errors";
import { BatchStateItem } from "../ledger/batch-state";
import { Forgotten } from "../ledger/forgotten";
import { keepSend, readSends, sendAfter, type Undo } from "../ledger/sends";
import { CustomerShards } from "../ledger/shards";
import { NOTHING_SENT, type SendReport, sendBatch } from "../messages/send-batch";
import { describeUndone, failureOf, notify } from "../notification";
import type { OrdersPorts } from "../orders-ports";
import type { BatchOutcome } from "../outcome";
import { type Worker, withBatch } from "../with-batch";
import { Contents } from "./contents";

/**
 * Undoes a send of a batch: each customer whom it changed gets the message from before it again, with a higher version.
 * The files of the undone send stay in the bucket and are not read again until one of them is another.
 *
 * @returns `refused` if nothing was done, as the batch is not as it was when the undo was asked for
 */
export function undoBatch(undo: Undo, ports: OrdersPorts, worker: Worker): Promise<BatchOutcome> {
  return withBatch(undo.batch, ports, worker, async () => {
    const item = await BatchStateItem.read(ports.ledger, undo.batch);
    if (item.newestSend?.undo?.id === undo.id) return { batch: undo.batch, status: "unchanged" };
    const isBegun = item.state?.undo?.id === undo.id;
    if (isBegun || (item.state?.state === "sent" && item.newestSend?.number === undo.newest)) {
      return sendUndo(undo, item, ports);
    }
    const now = `${item.state?.state ?? "nothing sent"}, send ${item.newestSend?.number ?? 0}`;
    const reason = `The batch changed since this undo was asked for: got ${now}, expected sent, send ${undo.newest}`;
    return { batch: undo.batch, status: "refused", reason };
  });
}

/** Begins an undo, or goes on with one whose worker died. The caller has the batch's lease. */
export async function sendUndo(undo: Undo, item: BatchStateItem, ports: OrdersPorts): Promise<BatchOutcome> {
  const { batch } = undo;
  const { state, newestSend } = item;
  if (state === undefined || newestSend === undefined) throw nothingSent(batch);
  const sends = await readSends(ports.ledger, batch, newestSend);
  const contents = new Contents(sends, ports.objects, new Forgotten(batch, state.forgotten));
  const left = await contents.without(undo);
  const withdrawn = newestSend.files ?? state.withdrawn ?? state.files;
  // One of them may be missing by now.
  const { failure: _, ...kept } = { ...state, files: withdrawn, withdrawn };
  const shards = await CustomerShards.read(ports.ledger, batch);
  const report: { -readonly [Key in keyof SendReport]: number } = { ...NOTHING_SENT };
  const known = shards.size;
  for (const from of new Set([...left.values()].map((content) => content.from))) {
    const part = await sendBatch(batch, await contents.read(from), shards, ports, {
      isLeftOut: (customer) => left.get(customer)?.from !== from,
      begin: () => item.write({ ...kept, state: "sending", undo, changed: now() }),
    });
    for (const fate of ["first", "corrected", "repeated", "unchanged"] as const) report[fate] += part[fate];
  }
  report.missing = known - report.corrected - report.repeated - report.unchanged;
  const untold = await failureOf(() => notify(ports, describeUndone(undo, report)));
  const send = sendAfter(newestSend, { undo });
  await keepSend(ports.ledger, batch, newestSend);
  await item.write({ ...kept, state: "sent", undo: undefined, unkept: undefined, send, changed: now() });
  const warnings = untold === undefined ? [] : [`the notification could not be sent (the batch is sent): ${untold}`];
  return { batch, status: "undone", send: undo.send, by: send.number, ...report, warnings };
}

export function nothingSent(batch: string): UsageError {
  return new UsageError("No message of this batch was sent", {
    got: JSON.stringify(batch),
    expected: "a batch that is sent: a date below its prefix, like acme/20230828",
  });
}

function now(): string {
  return new Date().toISOString();
}
