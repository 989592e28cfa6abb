import { RunFailedError, type RunReport } from "../../etl/core/runs/run-report";

/**
 * What `--json` prints of a run: one object, the same keys for every run.
 *
 * @param besides warnings of what went wrong after the run was kept
 */
export function toJson(report: RunReport, besides: readonly string[], error?: string): string {
  const { pipeline, runId, status, inserted, updated, unchanged, rejected, dropped, newest, sources, durationMs } =
    report;
  const counts = { inserted, updated, unchanged, rejected, dropped };
  const warnings = [...report.warnings, ...besides];
  const facts = { newest: newest ?? null, sources, warnings, durationMs, error };
  return JSON.stringify({ pipeline, runId, status, ...counts, ...facts });
}

/** What `--json` prints where there is no report: the run failed, or could not even begin (then it has no id). */
export function failureToJson(pipeline: string, error: unknown, besides: readonly string[]): string {
  if (error instanceof RunFailedError) return toJson(error.report, besides, error.message);
  const counts = { inserted: 0, updated: 0, unchanged: 0, rejected: 0, dropped: 0 };
  const reason = error instanceof Error ? error.message : String(error);
  return JSON.stringify({
    pipeline,
    runId: null,
    status: "failed",
    ...counts,
    newest: null,
    sources: [],
    warnings: besides,
    durationMs: 0,
    error: reason,
  });
}
