import type { CountName } from "../../core/runs/metrics";
import type { SendReport } from "./messages/send-batch";
import type { Kind } from "./records/batch";

/** The result of a look at a batch. */
export type BatchOutcome = { readonly batch: string } & (
  | { readonly status: "waiting"; readonly missing: readonly Kind[] }
  /** Its messages are sent already; nothing was read. */
  | { readonly status: "unchanged" }
  | SentBatch
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

/** The metrics of a sent batch. */
export function countsOf(outcome: SentBatch): Readonly<Record<CountName<"messages">, number>> {
  return { ...outcome, batches: 1, untold: outcome.warnings.length };
}
