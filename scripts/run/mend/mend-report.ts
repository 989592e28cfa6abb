import type { MendReport } from "../../../etl/core/mend/mend-run";

/** How the result of a mend is shown. */
export interface Shown {
  /** The name of the file. */
  readonly file: string;
  readonly pipeline: string;
  readonly dryRun?: boolean;
}

/** Exit code 1 where a row of the file stays rejected. */
export function exitCodeOf({ rejected }: MendReport): number {
  return rejected === 0 ? 0 : 1;
}

/** The rows that stay rejected, and those that gave way, a line each: file, line, value and what was expected. */
export function describeLeft(
  { left, rejected, gaveWay }: MendReport,
  { file }: Pick<Shown, "file">,
): readonly string[] {
  const more = rejected - left.length;
  return [
    ...[...left, ...gaveWay].map(({ line, reason }) => `${file}, line ${line}: ${reason}`),
    ...(more === 0 ? [] : [`and ${more} more: the command rejected writes them with their reasons`]),
  ];
}

/** Its status is that of the run, as the ledger has it: rows that stay rejected are a count. A dry run leaves no run. */
export function mendToJson(report: MendReport, { pipeline, dryRun = false }: Omit<Shown, "file">) {
  const status = dryRun ? "dry-run" : "succeeded";
  const runId = dryRun ? null : report.runId;
  return { pipeline, status, ...report, runId };
}
