import { MillraceError, UsageError } from "../../../etl/core/errors";
import { undoOutput } from "../../../etl/core/undo/undo-event";
import type { UndoReport } from "../../../etl/core/undo/undo-run";

/** What an undo did: its report, and its words, which count what the report has no place for. */
export interface Undone {
  readonly text: string;
  readonly report: UndoReport;
}

/**
 * @throws UsageError where the run cannot be undone; MillraceError if the run undid nothing, as its machine is of a
 * version that does not
 */
export function readUndoOutput(output: unknown, pipeline: string, run: string): Undone {
  const { data, error } = undoOutput.safeParse(output);
  if (data === undefined) {
    throw new MillraceError("The deployed version does not undo: it ran as its schedule starts it", {
      got: `run ${run}, whose output has no report of an undo`,
      fix: `Deploy etl, then undo again; npm run ops -- status ${pipeline} shows what the run did`,
      cause: error,
    });
  }
  const { told, undone } = data;
  if ("refused" in undone) throw new UsageError(undone.refused.headline, undone.refused.details);
  return { text: told.text, report: undone };
}
