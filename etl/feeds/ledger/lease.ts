import { type Kysely, sql } from "kysely";
import type { FeedTables } from "./tables";

/**
 * How long a run counts as alive after its last sign of life. No Lambda runs for more than 15 minutes, and each call
 * and each chunk extends the lease. On a laptop a chunk may take hours; there the process's lock shows whether it is
 * alive.
 */
const LEASE = sql`case when attended then interval '1 day' else interval '20 minutes' end`;

/** The end of a lease that begins now. */
export function leaseFrom(attended: boolean) {
  return sql<Date>`clock_timestamp() + (select ${LEASE} from (select ${attended}::boolean as attended) as this_run)`;
}

/** Extends a run's lease. Once a minute is enough, so that concurrent chunks do not wait for each other here. */
export async function renewLease(db: Kysely<FeedTables>, run: string): Promise<void> {
  await sql`update import_run set alive_until = clock_timestamp() + ${LEASE}
    where run = ${run} and alive_until < clock_timestamp() + ${LEASE} - interval '1 minute'`.execute(db);
}
