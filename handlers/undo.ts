import type { RdsDatabaseOptions } from "../etl/adapters/postgres/rds-database";
import { LiveDatabase } from "../etl/core/database/live-database";
import { rehearse } from "../etl/core/database/rehearse";
import { UsageError } from "../etl/core/errors";
import { toldRefusal, toldUndo, type UndoResult, undoEvent } from "../etl/core/undo/undo-event";
import type { Undo, UndoReport } from "../etl/core/undo/undo-run";
import { onDatabase } from "./database";
import { defineStep, type Handler, hasPart, type Tools } from "./step";

/**
 * A step's handler that also undoes runs: it is the function that loads, and may write the same tables.
 *
 * @param undo undoes runs of the pipeline
 */
export function orUndo<Tables, Result>(
  step: Handler<Result>,
  { pipeline, server }: { readonly pipeline: string; readonly server: RdsDatabaseOptions },
  undo: (live: LiveDatabase<Tables>, wanted: Omit<Undo, "pipeline">, tools: Tools) => Promise<UndoReport>,
) {
  const undoStep = defineStep(
    {
      ...{ pipeline, name: "undo", event: undoEvent },
      // Values of rows are no business of the log.
      told: ({ text }: UndoResult) => ({ text }),
    },
    async ({ undo: { dryRun, cascade: isCascade, ...given } }, tools) => {
      const wanted = { ...given, isCascade };
      try {
        const report = await onDatabase<Tables, UndoReport>(server, tools, (live) =>
          dryRun
            ? rehearse(live, (rehearsed) => undo(new LiveDatabase(rehearsed), wanted, tools))
            : undo(live, wanted, tools),
        );
        return toldUndo(report, { pipeline, dryRun, skipConflicts: given.skipConflicts });
      } catch (error) {
        if (error instanceof UsageError) return toldRefusal(error, pipeline);
        throw error;
      }
    },
  );
  return async (input: unknown, context: Parameters<Handler<Result>>[1]) =>
    hasPart(input, "undo") ? undoStep(input, context) : step(input, context);
}
