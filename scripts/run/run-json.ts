import { CommanderError } from "commander";
import {
  CsvError,
  DatabaseError,
  MillraceError,
  RejectedLimitError,
  RejectedObjectsError,
  SourceError,
  UsageError,
} from "../../etl/core/errors";
import { RunFailedError, type RunReport } from "../../etl/core/runs/run-report";
import { explain } from "./explain-failure";

/**
 * Output of `--json` for a run: one object, the same keys for every run.
 *
 * @param besides warnings about errors after the run was committed
 */
export function toJson(report: RunReport, besides: readonly string[], failure?: Failure): string {
  const { pipeline, runId, status, inserted, updated, unchanged, rejected, dropped, newest, sources, durationMs } =
    report;
  const counts = { inserted, updated, unchanged, rejected, dropped };
  const warnings = [...report.warnings, ...besides];
  const facts = { newest: newest ?? null, sources, warnings, durationMs, ...failure };
  return JSON.stringify({ pipeline, runId, status, ...counts, ...facts });
}

/** Why a command failed: a word for programs, and a text for users. */
export interface Failure {
  readonly kind: FailureKind;
  readonly error: string;
}

/**
 * `usage`: nothing was begun, the command line or a contract is wrong. `rejected`: rows or objects break their
 * contract. `source`: the source cannot be read. `database`: it refused, or the connection was lost. `failed`: another
 * reason that the user can act on. `interrupted`: it was stopped. `unexpected`: a bug.
 */
export type FailureKind = "usage" | "rejected" | "source" | "database" | "failed" | "interrupted" | "unexpected";

const KINDS: readonly (readonly [FailureKind, readonly (new (...of: never[]) => Error)[]])[] = [
  ["usage", [UsageError]],
  ["rejected", [RejectedObjectsError, RejectedLimitError]],
  ["source", [SourceError, CsvError]],
  ["database", [DatabaseError]],
  ["failed", [MillraceError]],
];

export function failureOf(error: unknown): Failure {
  const known = explain(error);
  const cause = known instanceof RunFailedError ? known.cause : known;
  const [kind] = KINDS.find(([, classes]) => classes.some((known) => cause instanceof known)) ?? ["unexpected"];
  return { kind: kind as FailureKind, error: known instanceof Error ? known.message : String(known) };
}

/** Output of `--json` for a command that did not begin: usually its options are wrong. */
export function refusalToJson(error: unknown): string {
  // commander's own messages begin with this.
  const told =
    error instanceof CommanderError
      ? { kind: "usage", error: error.message.replace(/^error: /, "") }
      : failureOf(error);
  return JSON.stringify({ status: "failed", runId: null, ...NOTHING, warnings: [], ...told });
}

const NOTHING = { inserted: 0, updated: 0, unchanged: 0, rejected: 0, dropped: 0 };

/** Output of `--json` without a report: the run failed, or could not even begin (then it has no id). */
export function failureToJson(pipeline: string, error: unknown, besides: readonly string[]): string {
  if (error instanceof RunFailedError) return toJson(error.report, besides, failureOf(error));
  return withoutReport(pipeline, { status: "failed", warnings: besides, ...failureOf(error) });
}

/** Output of `--json` for a stopped run. */
export function stopToJson(pipeline: string, error: string): string {
  return withoutReport(pipeline, { status: "interrupted", warnings: [], kind: "interrupted", error });
}

function withoutReport(pipeline: string, { status, warnings, ...failure }: Readonly<Record<string, unknown>>): string {
  const facts = { newest: null, sources: [], warnings, durationMs: 0 };
  return JSON.stringify({ pipeline, runId: null, status, ...NOTHING, ...facts, ...failure });
}
