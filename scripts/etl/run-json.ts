import { RunFailedError, type RunReport } from "../../etl/core/run-report";

/** What `--json` prints of a run: one object, the same keys for every run. */
export function toJson(report: RunReport, error?: string): string {
  const { pipeline, runId, status, inserted, updated, unchanged, rejected, dropped, newest, sources, durationMs } =
    report;
  const counts = { inserted, updated, unchanged, rejected, dropped };
  return JSON.stringify({ pipeline, runId, status, ...counts, newest: newest ?? null, sources, durationMs, error });
}

/** What `--json` prints where there is no report: the run failed, or could not even begin (then it has no id). */
export function failureToJson(pipeline: string, error: unknown): string {
  if (error instanceof RunFailedError) return toJson(error.report, error.message);
  const counts = { inserted: 0, updated: 0, unchanged: 0, rejected: 0, dropped: 0 };
  const reason = error instanceof Error ? error.message : String(error);
  return JSON.stringify({
    pipeline,
    runId: null,
    status: "failed",
    ...counts,
    newest: null,
    sources: [],
    durationMs: 0,
    error: reason,
  });
}
