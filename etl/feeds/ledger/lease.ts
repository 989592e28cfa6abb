import { type Kysely, sql } from "kysely";
import type { FeedTables } from "./tables";

/**
 * How long a run counts as alive after it was last heard of. No function of AWS lives for more than 15 minutes, and each call and each
 * chunk says that the run lives. On a laptop a chunk may take hours; there the process's lock tells when it is dead.
 */
const LEASE = sql`case when attended then interval '1 day' else interval '20 minutes' end`;

/** When the lease ends that a run is given now. */
export function leaseFrom(attended: boolean) {
  return sql<Date>`clock_timestamp() + (select ${LEASE} from (select ${attended}::boolean as attended) as this_run)`;
}

/** Says that a run lives. Once a minute is enough, so that chunks at once do not wait for each other here. */
export async function renewLease(db: Kysely<FeedTables>, run: string): Promise<void> {
  await sql`update import_run set alive_until = clock_timestamp() + ${LEASE}
    where run = ${run} and alive_until < clock_timestamp() + ${LEASE} - interval '1 minute'`.execute(db);
}
