import type { CountName } from "../../core/runs/metrics";
import type { SendReport } from "./messages/send-batch";
import type { Kind } from "./records/batch";

/** What a look at a batch came to. */
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
  /** What a person should look at though nothing is wrong with the rows. */
  readonly notes: readonly string[];
  /** What could not be told or kept besides: the messages are sent all the same. */
  readonly warnings: readonly string[];
} & SendReport;

/** What is counted in metrics of a batch that was sent. */
export function countsOf(outcome: SentBatch): Readonly<Record<CountName<"messages">, number>> {
  return { ...outcome, batches: 1, untold: outcome.warnings.length };
}
