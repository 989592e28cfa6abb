import { type Kysely, sql } from "kysely";
import type { CoreTables } from "./tables";

/** How long what a run found out is kept. */
export interface Retention {
  /** Revisions of runs that began longer ago may end. */
  readonly revisionDays: number;
  /** How long the process may still live: it must not be cut off after the run was kept. Default: for ever. */
  readonly remainingMs?: () => number;
}

/** A statement is to take a fraction of a second, whatever there is. */
const BATCH = 10_000;
/** So long at most: what is left is for the next run. */
const MOST_MS = 5_000;
/** What the rest of a run needs besides. */
const RESERVED_MS = 10_000;

/**
 * Ends revisions of a pipeline's old runs, in batches, each a transaction of its own. Runs themselves stay in the ledger.
 *
 * @returns how many it ended
 */
export async function endOldRevisions<Tables extends CoreTables>(
  db: Kysely<Tables>,
  pipeline: string,
  { revisionDays, remainingMs = () => Number.POSITIVE_INFINITY }: Retention,
): Promise<number> {
  const until = performance.now() + MOST_MS;
  let ended = 0;
  while (performance.now() < until && remainingMs() > RESERVED_MS) {
    const { numAffectedRows } = await sql`
      delete from revision using (
        select revision.id from etl_run join revision on revision.run = etl_run.id
        where pipeline = ${pipeline} and started < now() - make_interval(days => ${revisionDays}) limit ${BATCH}
      ) as old where revision.id = old.id`.execute(db);
    const batch = Number(numAffectedRows ?? 0);
    ended += batch;
    if (batch < BATCH) break;
  }
  return ended;
}
