import { sql, type Transaction } from "kysely";
import type { ImportTables } from "./tables";

/**
 * Holds a feed's line to the end of the transaction, so that runs of it begin and end one after the other: who finds a live run has
 * requested its listing before the run can end, and no request is forgotten by a run that lists after it.
 *
 * @returns whether somebody has requested a listing since the last one began
 */
export async function lockRequests(trx: Transaction<ImportTables>, feed: string): Promise<boolean> {
  await sql`insert into import_request (feed) values (${feed}) on conflict (feed) do nothing`.execute(trx);
  const { rows } = await sql<{ requested: boolean }>`select requested_at is not null as requested
    from import_request where feed = ${feed} for update`.execute(trx);
  return rows[0]?.requested === true;
}

/** Asks the live run of a feed to list once more before it ends; the caller holds the feed's line. */
export async function requestListing(trx: Transaction<ImportTables>, feed: string): Promise<void> {
  await sql`update import_request set requested_at = clock_timestamp() where feed = ${feed}`.execute(trx);
}

/** Whoever lists from now on sees what was requested; the caller holds the feed's line. */
export async function answerRequests(trx: Transaction<ImportTables>, feed: string): Promise<void> {
  await sql`update import_request set requested_at = null where feed = ${feed} and requested_at is not null`.execute(
    trx,
  );
}
