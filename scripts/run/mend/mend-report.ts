import type { MendReport } from "../../../etl/core/mend/mend-run";

/** How the result of a mend is shown. */
export interface Shown {
  /** The name of the file. */
  readonly file: string;
  readonly pipeline: string;
  readonly dryRun?: boolean;
}

/** Exit code 1 where a row of the file stays rejected. */
export function exitCodeOf({ left }: MendReport): number {
  return left.length === 0 ? 0 : 1;
}

/** The rows that stay rejected, a line each: file, line, value and what was expected. */
export function describeLeft({ left }: MendReport, { file }: Shown): readonly string[] {
  return left.map(({ line, reason }) => `${file}, line ${line}: ${reason}`);
}

export function renderMend(report: MendReport, { pipeline, dryRun = false }: Shown): string {
  const { mended, inserted, updated, unchanged, superseded, dropped, before, outdated, left } = report;
  const parts = [
    `${inserted} inserts and ${updated} updates, ${unchanged} unchanged`,
    ...(superseded === 0 ? [] : [`${superseded} gave way to newer rows`]),
    ...(dropped === 0 ? [] : [`${dropped} dropped by triggers of the table`]),
  ];
  const done = dryRun ? "would be mended" : `were mended in run ${report.runId}`;
  return [
    ...(dryRun ? ["Dry run: nothing was kept."] : []),
    report.runId === null
      ? `Nothing ${dryRun ? "would be" : "was"} mended of ${pipeline}`
      : `${mended} rejected rows of ${pipeline} ${done}: ${parts.join(", ")}`,
    ...(before === 0 ? [] : [`${before} were mended before: they stay as they are`]),
    ...(outdated === 0
      ? []
      : [`${outdated} are superseded: their source was read again since. Write the file again for what is open now`]),
    ...(left.length === 0 ? [] : [`${left.length} stay rejected: correct them, and run again`]),
  ].join("\n");
}

/** Its status is that of the run, as the ledger has it: rows that stay rejected are a count. A dry run leaves no run. */
export function mendToJson(report: MendReport, { pipeline, dryRun = false }: Shown): string {
  const status = dryRun ? "dry-run" : "succeeded";
  const runId = dryRun ? null : report.runId;
  return JSON.stringify({ pipeline, status, ...report, runId, rejected: report.left.length });
}
