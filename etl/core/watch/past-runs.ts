import type { Kysely } from "kysely";
import type { CoreTables, SourceSummary } from "../database/tables";

/** The ledger's data of a successful run. */
export interface PastRun {
  readonly sources: readonly SourceSummary[];
  readonly rejected: number;
}

/** The number of runs that define the usual. */
const USUAL_RUNS = 20;

/** The latest successful runs of a pipeline, the newest first. */
export async function readPastRuns(db: Kysely<CoreTables>, pipeline: string): Promise<readonly PastRun[]> {
  const rows = await db
    .selectFrom("etl_run")
    .select(["sources", "rejected"])
    .where("pipeline", "=", pipeline)
    .where("status", "=", "succeeded")
    .where("mended_by", "is", null)
    .orderBy("started", "desc")
    .limit(USUAL_RUNS)
    .execute();
  return rows.map(({ sources, rejected }) => ({ sources, rejected: Number(rejected ?? 0) }));
}
