import { type Kysely, sql } from "kysely";
import type { CoreTables } from "../../core/database/tables";
import { isRead } from "../../core/mend/rejected-state";

/** The times of a pipeline's latest runs; null is never. */
export interface Freshness {
  readonly succeeded: Date | null;
  /** The last run that inserted or updated something. */
  readonly changed: Date | null;
  /** When rejected rows were mended, which is no news of the source. */
  readonly mended: Date | null;
}

export async function readFreshness(db: Kysely<CoreTables>, pipeline: string): Promise<Freshness> {
  const { rows } = await sql<Freshness>`
    select max(started) filter (where ${isRead()}) as succeeded,
      max(started) filter (where ${isRead()} and coalesce(inserted, 0) + coalesce(updated, 0) > 0) as changed,
      max(started) filter (where not ${isRead()}) as mended
    from etl_run where pipeline = ${pipeline} and status = 'succeeded'`.execute(db);
  return rows[0] ?? { succeeded: null, changed: null, mended: null };
}
