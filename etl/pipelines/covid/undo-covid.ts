import type { Transaction } from "kysely";
import type { LiveDatabase } from "../../core/database/live-database";
import { migrate } from "../../core/database/migrate";
import type { CoreTables } from "../../core/database/tables";
import { inTransaction } from "../../core/database/transaction";
import { withRunLock } from "../../core/runs/run-lock";
import { reportOfNothing, type Undo, type UndoReport, undoRuns } from "../../core/undo/undo-run";
import { type CovidTables, covidMigrations } from "./tables";

/** Undoes runs of `covid` as a run of its own. The next run reads whole sources: what they still have comes again. */
export async function undoCovid(
  live: LiveDatabase<CovidTables>,
  undo: Omit<Undo, "pipeline">,
  onWait: () => void,
): Promise<UndoReport> {
  const work = (trx: Transaction<CovidTables>) =>
    undoRuns(trx as unknown as Transaction<CoreTables>, { ...undo, pipeline: "covid" });
  return live
    .run(async (db) => {
      await migrate(db, "covid", covidMigrations);
      const kept = "the runs were undone; etl_run has it in undoes if so";
      return withRunLock(db, "covid", () => inTransaction(db, kept, work), onWait);
    })
    .catch(reportOfNothing);
}
