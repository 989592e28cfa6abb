import { counted } from "../counted";
import type { UndoReport } from "./undo-run";

/** How an undo was asked for. */
export interface UndoAsked {
  readonly pipeline: string;
  readonly dryRun: boolean;
  readonly skipConflicts: boolean;
  /** Default: no. */
  readonly cascade?: boolean;
}

/** Whether nothing was undone, as rows were changed since. */
export function isBlocked(
  { conflicts }: Pick<UndoReport, "conflicts">,
  { skipConflicts }: Pick<UndoAsked, "skipConflicts">,
): boolean {
  return conflicts > 0 && !skipConflicts;
}

/** What an undo did, for a person. */
export function describeUndo(report: UndoReport, asked: UndoAsked): string {
  const { runId, undone, restored, removed, inserted, conflicts } = report;
  const { pipeline, dryRun } = asked;
  const runs = undone.length === 1 ? `run ${undone[0]}` : `${undone.length} runs`;
  const since = undone.length === 1 ? runs : `these ${runs}`;
  const counts = `${counted(restored, "row")} restored, ${removed} removed${inserted === 0 ? "" : `, ${inserted} inserted again`}`;
  const done = dryRun ? `would be undone: ${counts}` : `undone by run ${runId}: ${counts}`;
  return [
    ...(dryRun ? ["Dry run: nothing was kept."] : []),
    ...(isBlocked(report, asked)
      ? [`Nothing of ${pipeline} ${dryRun ? "would be" : "was"} undone: ${wereChanged(conflicts)} since ${since}`]
      : [
          runId === null
            ? `Nothing to undo: the rows are as they were before ${runs} of ${pipeline}`
            : `${runs} of ${pipeline} ${done}`,
          ...(conflicts === 0
            ? []
            : [`${wereChanged(conflicts)} since, and ${conflicts === 1 ? "stays as it is" : "stay as they are"}`]),
        ]),
  ].join("\n");
}

function wereChanged(rows: number): string {
  return counted(rows, "row was changed", "rows were changed");
}
