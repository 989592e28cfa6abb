import { counted } from "../counted";
import type { RunStatus, SourceSummary } from "../database/tables";
import { MillraceError } from "../errors";
import type { Revisions } from "./revisions";
import type { LoadReport } from "./runs";

/** A record as in its table after the run. */
export type NewestRecord = Readonly<Record<string, string | number | null>>;

/** The report of a run: the same for people, for `--json` and for a Step Functions state. */
export interface RunReport extends LoadReport {
  readonly pipeline: string;
  readonly runId: string;
  readonly status: Exclude<RunStatus, "running">;
  readonly newest?: NewestRecord;
  readonly sources: readonly SourceSummary[];
  readonly revisions: Revisions;
  readonly warnings: readonly string[];
  readonly durationMs: number;
}

/** A run's result in one line; a second one has the rows that the table did not take, if any. */
export function describeCounts({ inserted, updated, unchanged, rejected, dropped }: LoadReport): string {
  const counts = `There were ${inserted} inserts and ${updated} updates (${unchanged} unchanged, ${rejected} rejected)`;
  return dropped === 0 ? counts : `${counts}\n${describeDropped(dropped)}`;
}

export function describeDropped(dropped: number): string {
  return `${counted(dropped, "row was", "rows were")} dropped by triggers of the table`;
}

/** The most warnings in a message. */
const MOST_TOLD = 10;
const LONGEST_TOLD = 400;

/** A run's warnings for a message, a line each; the ledger has all. */
export function describeWarnings({ warnings }: Pick<RunReport, "warnings">): readonly string[] {
  const told = warnings.slice(0, MOST_TOLD).map((warning) => {
    const line = warning.replaceAll(/\s+/g, " ");
    return `Warning: ${line.length > LONGEST_TOLD ? `${line.slice(0, LONGEST_TOLD)}…` : line}`;
  });
  const more = warnings.length - told.length;
  return more > 0 ? [...told, `and ${counted(more, "more warning")}: column warnings of etl_run`] : told;
}

/**
 * Like {@link describeWarnings}, each line after its line break: for appending to a message; empty if there is none.
 */
export function warningLines(run: Pick<RunReport, "warnings">): string {
  return describeWarnings(run)
    .map((line) => `\n${line}`)
    .join("");
}

/** A run failed; `report` has its progress, `cause` the reason. */
export class RunFailedError extends MillraceError {
  override readonly name = "RunFailedError";
  /** The cause's message. */
  readonly reason: string;

  constructor(
    readonly step: string,
    readonly report: RunReport,
    cause: unknown,
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`The ${report.pipeline} run ${report.runId} failed in step ${step}: ${reason}`, { cause });
    this.reason = reason;
  }
}
