import type { Conflict } from "../../../etl/core/undo/conflicts";
import type { UndoReport } from "../../../etl/core/undo/undo-run";

/** How the result of an undo is shown. */
export interface Shown {
  readonly pipeline: string;
  readonly dryRun: boolean;
  readonly skipConflicts: boolean;
}

/** The first conflicts, a line each, with the three values. */
export function describeConflicts({ conflicts, shown }: UndoReport): readonly string[] {
  const more = conflicts - shown.length;
  return [...shown.map(describe), ...(more > 0 ? [`and ${more} more rows that were changed since`] : [])];
}

function describe({ table, key, by, before, after, now }: Conflict): string {
  const place = Object.entries(key).map(([column, value]) => `${column} ${JSON.stringify(value)}`);
  const tell = (row: Conflict["now"]) => (row === null ? "no row" : JSON.stringify(row));
  return `${table}, ${place.join(", ")}: changed since by ${by}: before ${tell(before)}, after ${tell(after)}, now ${tell(now)}`;
}

export function renderUndo(report: UndoReport, { pipeline, dryRun, skipConflicts }: Shown): string {
  const { runId, undone, restored, removed, inserted, conflicts } = report;
  const runs = undone.length === 1 ? `run ${undone[0]}` : `${undone.length} runs`;
  const counts = `${restored} rows restored, ${removed} removed${inserted === 0 ? "" : `, ${inserted} inserted again`}`;
  const isBlocked = conflicts > 0 && !skipConflicts;
  const done = dryRun ? `would be undone: ${counts}` : `undone by run ${runId}: ${counts}`;
  return [
    ...(dryRun ? ["Dry run: nothing was kept."] : []),
    ...(isBlocked
      ? [
          `Nothing of ${pipeline} ${dryRun ? "would be" : "was"} undone: ${conflicts} rows were changed since ${runs}`,
          "--skip-conflicts leaves these as they are, --cascade undoes the runs after it, too",
        ]
      : [
          runId === null
            ? `Nothing to undo: the rows are as they were before ${runs} of ${pipeline}`
            : `${runs} of ${pipeline} ${done}`,
          ...(conflicts === 0 ? [] : [`${conflicts} rows were changed since, and stay as they are`]),
        ]),
  ].join("\n");
}

/** A dry run leaves no run. */
export function undoToJson(report: UndoReport, { pipeline, dryRun, skipConflicts }: Shown): string {
  const isBlocked = report.conflicts > 0 && !skipConflicts;
  const status = isBlocked ? "conflicts" : dryRun ? "dry-run" : "succeeded";
  return JSON.stringify({ pipeline, status, ...report, runId: dryRun ? null : report.runId });
}
