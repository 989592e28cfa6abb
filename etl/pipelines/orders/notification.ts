import type { RejectedRow } from "../../core/csv/rejected-row";
import type { SendReport } from "./messages/send-batch";

/** What there is to tell of a batch whose messages are sent. */
export interface SentBatch extends SendReport {
  readonly batch: string;
  readonly rejected: number;
}

/** What a batch's notification says when its messages are sent. */
export function describeSent(
  { batch, first, corrected, repeated, unchanged, forgotten, missing, rejected }: SentBatch,
  firstRejected: RejectedRow | undefined,
  /** Where all rejected rows are, or why they are nowhere. */
  all: string,
  notes: readonly string[],
) {
  const sent = first + corrected + repeated;
  const lines = [
    `Batch ${batch}: ${sent} messages sent (${first} new, ${corrected} corrected, ${repeated} repeated), ` +
      `${unchanged} unchanged, ${rejected} rows rejected`,
  ];
  if (missing > 0) lines.push(`Customers no longer in the files: ${missing}; no message says so`);
  if (forgotten > 0)
    lines.push(`Customers who were forgotten, and whom the files still have: ${forgotten}; no message is about them`);
  if (firstRejected !== undefined) {
    const { source, line, reason } = firstRejected;
    lines.push(`The first rejected row: ${source}, line ${line}: ${reason}`, all);
  }
  lines.push(...notes.map((note) => `Warning: ${note}`));
  return { status: "succeeded", text: lines.join("\n") } as const;
}

/** What it says where a batch failed. */
export function describeFailure(batch: string, error: unknown) {
  const reason = error instanceof Error ? error.message : String(error);
  const next = "It is tried again by itself; what goes on failing ends in the dead-letter queue.";
  return { status: "failed", text: `Batch ${batch} failed: ${reason}\n${next}` } as const;
}
