import type { RejectedRow } from "../../core/csv/rejected-row";
import type { SendReport } from "./messages/send-batch";

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
    `Batch ${batch}: ${sent} messages sent (${first} new, ${corrected} corrected, ${repeated} repeated), ` +
      `${unchanged} unchanged, ${rejected} rows rejected`,
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

/** The notification of a failed batch. */
export function describeFailure(batch: string, error: unknown) {
  const reason = error instanceof Error ? error.message : String(error);
  const next = "It is tried again automatically; events that keep failing go to the dead-letter queue.";
  return { status: "failed", text: `Batch ${batch} failed: ${reason}\n${next}` } as const;
}
