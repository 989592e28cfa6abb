import type { CountName } from "../../core/runs/metrics";
import type { SendReport } from "./messages/send-batch";
import type { Kind } from "./records/batch";

/** The result of a check of a batch. */
export type BatchOutcome = { readonly batch: string } & (
  | { readonly status: "waiting"; readonly missing: readonly Kind[] }
  /** Its messages are sent already; nothing was read. */
  | { readonly status: "unchanged" }
  /** An undo that did nothing. */
  | { readonly status: "refused"; readonly reason: string }
  | SentBatch
  | UndoneBatch
);

type SentBatch = {
  readonly status: "sent";
  readonly rejected: number;
  readonly rows: Readonly<Record<Kind, number>>;
  /** Warnings for a person, although the rows are fine. */
  readonly notes: readonly string[];
  /** Notifications or rejected rows that could not be sent or kept; the messages are sent anyway. */
  readonly warnings: readonly string[];
} & SendReport;

type UndoneBatch = {
  readonly status: "undone";
  /** The number of the send that was undone, and of the one that did so. */
  readonly send: number;
  readonly by: number;
  readonly warnings: readonly string[];
} & SendReport;

/** The metrics of messages that were sent. */
export function countsOf(outcome: SentBatch | UndoneBatch): Readonly<Record<CountName<"messages">, number>> {
  return { rejected: 0, ...outcome, batches: 1, untold: outcome.warnings.length };
}
