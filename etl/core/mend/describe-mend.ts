import { counted } from "../counted";
import type { MendReport } from "./mend-run";

interface Described {
  readonly pipeline: string;
  readonly dryRun?: boolean;
}

/** What a mend did, for a person. */
export function describeMend(report: MendReport, { pipeline, dryRun = false }: Described): string {
  const { mended, inserted, updated, unchanged, superseded, dropped, before, outdated, rejected } = report;
  const parts = [
    `${inserted} inserts and ${updated} updates, ${unchanged} unchanged`,
    ...(superseded === 0 ? [] : [`${superseded} gave way to newer rows`]),
    ...(dropped === 0 ? [] : [`${dropped} dropped by triggers of the table`]),
  ];
  const done = dryRun ? "would be mended" : `${mended === 1 ? "was" : "were"} mended in run ${report.runId}`;
  return [
    ...(dryRun ? ["Dry run: nothing was kept."] : []),
    report.runId === null
      ? `Nothing ${dryRun ? "would be" : "was"} mended of ${pipeline}`
      : `${counted(mended, "rejected row")} of ${pipeline} ${done}: ${parts.join(", ")}`,
    ...(before === 0 ? [] : [`${before} were mended before: they stay as they are`]),
    ...(outdated === 0
      ? []
      : [`${outdated} are superseded: their source was read again since. Write the file again for what is open now`]),
    ...(rejected === 0 ? [] : [`${rejected} stay rejected: correct them, and run again`]),
  ].join("\n");
}
