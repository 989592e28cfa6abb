import { sql, type Transaction } from "kysely";
import { areSensitive } from "../../core/contract/column";
import type { Feed } from "../../core/contract/contract";
import { provenance, SOURCE_OBJECT, SOURCE_OFFSET } from "../../core/contract/schema/names";
import type { LiveDatabase } from "../../core/database/live-database";
import type { CoreTables } from "../../core/database/tables";
import { inTransaction } from "../../core/database/transaction";
import { withoutValues } from "../../core/database/without-values";
import { reportOfNothing, type Undo, type UndoReport, undoRuns } from "../../core/undo/undo-run";
import type { Stamp } from "../../core/undo/write-undo";
import type { FeedTables } from "../ledger/tables";
import { openTarget } from "../load/stage-chunk";
import { lockTarget } from "../target/lock-target";
import { makeTables, requireTarget } from "../target/prepare-tables";

/**
 * Undoes runs of a feed as a run of its own. Its objects count as loaded as before, so that the next run does not bring them again; restored rows
 * win over all objects of before, and a later one wins over them.
 */
export async function undoFeed(
  live: LiveDatabase<FeedTables>,
  contract: Feed,
  undo: Omit<Undo, "pipeline">,
): Promise<UndoReport> {
  const kept = "the runs were undone; etl_run has it in undoes if so";
  const isSensitive = areSensitive(contract.columns);
  const work = async (trx: Transaction<FeedTables>) => {
    const { name } = await openTarget(trx, contract);
    await lockTarget(trx, name.full, "exclusive");
    const stamp = (run: string) => enterRestored(trx, name.ledger, run);
    const table = { origin: provenance, stamp, isSensitive };
    return undoRuns(trx as unknown as Transaction<CoreTables>, { ...undo, pipeline: contract.name }, table);
  };
  return live
    .run(async (db) => {
      await makeTables(db, contract);
      await requireTarget(db, contract, false);
      return inTransaction(db, kept, work);
    })
    .catch((error: unknown) => reportOfNothing(isSensitive ? withoutValues(error) : error));
}

/** What restored rows come from: no object, and of now. */
async function enterRestored(trx: Transaction<FeedTables>, target: string, run: string): Promise<Stamp> {
  const { rows } = await sql<{
    id: number;
  }>`insert into import_object (target, location, etag, last_modified, bytes, kind)
    values (${target}, ${`restored in run ${run}`}, ${run}, clock_timestamp(), 0, 'restored') returning id`.execute(
    trx,
  );
  return { [SOURCE_OBJECT]: Number(rows[0]?.id), [SOURCE_OFFSET]: 0 };
}
