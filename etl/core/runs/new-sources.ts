import { sql, type Transaction } from "kysely";
import type { CoreTables } from "../database/tables";
import type { Source } from "../ports";

/** Sources that one run loads at most: their names are in its result, and Step Functions passes on 256 KiB. */
export const MOST_NEW_SOURCES = 500;

/**
 * The first {@link MOST_NEW_SOURCES} of the sources that no run of the pipeline has loaded yet, told apart by location and
 * version: what a location holds is loaded where the newest run that read it found the same. One without a version is always new. Only right while the pipeline's lock is held.
 */
export async function newSources<Tables extends CoreTables>(
  trx: Transaction<Tables>,
  pipeline: string,
  sources: readonly Source[],
): Promise<readonly Source[]> {
  const { rows } = await sql<{ location: string; version: string }>`
    select distinct on (1) source ->> 'location' as location, source ->> 'version' as version
    from etl_run, jsonb_array_elements(sources) source
    where pipeline = ${pipeline} and status = 'succeeded' and source ? 'version'
    order by 1, finished desc, started desc`.execute(trx);
  const loaded = new Set(rows.map(({ location, version }) => idOf(location, version)));
  return sources
    .filter(({ location, version }) => version === undefined || !loaded.has(idOf(location, version)))
    .slice(0, MOST_NEW_SOURCES);
}

function idOf(location: string, version: string): string {
  return JSON.stringify([location, version]);
}
