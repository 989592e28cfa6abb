import { counted } from "../../../etl/core/counted";
import type { Conflict } from "../../../etl/core/undo/conflicts";
import { describeUndo, isBlocked, type UndoAsked } from "../../../etl/core/undo/describe-undo";
import type { UndoReport } from "../../../etl/core/undo/undo-run";

/** Exit code 1 where nothing was undone, as rows were changed since. */
export function exitCodeOf(report: UndoReport, asked: UndoAsked): number {
  return isBlocked(report, asked) ? 1 : 0;
}

/** The first conflicts, a line each, with the three values. */
export function describeConflicts({ conflicts, shown }: UndoReport): readonly string[] {
  const more = conflicts - shown.length;
  return [
    ...shown.map(describe),
    ...(more > 0 ? [`and ${counted(more, "more row that was", "more rows that were")} changed since`] : []),
  ];
}

function describe({ table, key, by, before, after, now, unknown = [] }: Conflict): string {
  const place = Object.entries(key).map(([column, value]) => `${column} ${JSON.stringify(value)}`);
  const tell = (row: Conflict["now"]) => (row === null ? "no row" : JSON.stringify(row));
  const known = unknown.length === 0 || Object.keys(after ?? {}).length > 0 ? [tell(after)] : [];
  const left = [...known, ...(unknown.length === 0 ? [] : [`unknown (${unknown.join(", ")})`])].join(" and ");
  return `${table}, ${place.join(", ")}: changed since by ${by}: before ${tell(before)}, after ${left}, now ${tell(now)}`;
}

/** @param text what was done, if somebody else said it */
export function renderUndo(report: UndoReport, asked: UndoAsked, text = describeUndo(report, asked)): string {
  return isBlocked(report, asked) ? `${text}\n${adviseOnConflicts(report, asked)}` : text;
}

/** Only what helps: later runs can be undone, and what somebody else changed can only be left. */
function adviseOnConflicts({ conflicts, bySomebodyElse = 0 }: UndoReport, { cascade = false }: UndoAsked): string {
  const skip = "--skip-conflicts leaves these as they are";
  if (cascade || bySomebodyElse === conflicts) return skip;
  const undoes = "undoes the runs after it, too";
  return bySomebodyElse === 0
    ? `${skip}, --cascade ${undoes}`
    : `${skip}, with --cascade only those that somebody else changed: that ${undoes}`;
}

/** A dry run leaves no run. */
export function undoToJson(report: UndoReport, asked: UndoAsked) {
  const { pipeline, dryRun } = asked;
  const status = isBlocked(report, asked) ? "conflicts" : dryRun ? "dry-run" : "succeeded";
  return { pipeline, status, ...report, runId: dryRun ? null : report.runId };
}
