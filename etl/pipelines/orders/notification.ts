import { randomUUID } from "node:crypto";
import { counted } from "../../core/counted";
import type { RejectedRow } from "../../core/csv/rejected-row";
import type { Undo } from "./ledger/sends";
import type { SendReport } from "./messages/send-batch";
import type { OrdersPorts } from "./orders-ports";

/** The facts about a batch whose messages are sent. */
export interface SentBatch extends SendReport {
  readonly batch: string;
  readonly rejected: number;
}

/** A batch's notification when its messages are sent. */
export function describeSent(
  { batch, first, corrected, repeated, unchanged, forgotten, missing, rejected }: SentBatch,
  firstRejected: RejectedRow | undefined,
  /** The place of all rejected rows, or why they could not be kept. */
  all: string,
  notes: readonly string[],
) {
  const sent = first + corrected + repeated;
  const lines = [
    `Batch ${batch}: ${counted(sent, "message")} sent (${first} new, ${corrected} corrected, ${repeated} repeated), ` +
      `${unchanged} unchanged, ${counted(rejected, "row")} rejected`,
  ];
  if (missing > 0) lines.push(`Customers no longer in the files: ${missing}; no message is sent for them`);
  if (forgotten > 0)
    lines.push(`Forgotten customers who are still in the files: ${forgotten}; no message is sent about them`);
  if (firstRejected !== undefined) {
    const { source, line, reason } = firstRejected;
    lines.push(`The first rejected row: ${source}, line ${line}: ${reason}`, all);
  }
  lines.push(...notes.map((note) => `Warning: ${note}`));
  return { status: "succeeded", text: lines.join("\n") } as const;
}

/** A batch's notification when one of its sends is undone. */
export function describeUndone(
  { batch, send, newest, cascade, by }: Undo,
  { first, corrected, repeated, missing }: SendReport,
) {
  const sends = cascade && newest > send ? `sends ${send} to ${newest}` : `send ${send}`;
  const lines = [
    `Batch ${batch}: ${sends} undone by ${by}: ${counted(first + corrected + repeated, "message as it was", "messages as they were")} before, with a higher version`,
  ];
  if (missing > 0) lines.push(`Customers who had no message before it: ${missing}; none is sent for them`);
  lines.push("The files of the batch are not read again until one of them is another");
  return { status: "succeeded", text: lines.join("\n") } as const;
}

/** The notification of a failed batch. */
export function describeFailure(batch: string, error: unknown) {
  const reason = error instanceof Error ? error.message : String(error);
  const next = "It is tried again automatically; events that keep failing go to the dead-letter queue.";
  return { status: "failed", text: `Batch ${batch} failed: ${reason}\n${next}` } as const;
}

export async function notify(
  { notifier }: Pick<OrdersPorts, "notifier">,
  told: { readonly status: "succeeded" | "failed"; readonly text: string },
): Promise<void> {
  const subject = `millrace orders: ${told.status}`;
  await notifier.notify({ pipeline: "orders", runId: randomUUID(), subject, ...told });
}

/** Why work failed that may fail once all messages are sent: in one line. */
export async function failureOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split("\n")[0];
  }
}
