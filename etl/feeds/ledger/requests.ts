import { sql, type Transaction } from "kysely";
import type { FeedTables } from "./tables";

/** A run's feed and objects: {@link ImportRunTable.scope}. */
export interface FeedScope {
  readonly feed: string;
  readonly scope: string;
}

/**
 * Serialises the beginnings and ends of a feed's runs, to the end of the transaction: a caller that finds a live run
 * has requested its listing before the run can end, and no request is lost to a run that lists after it. See "Advisory
 * Locks" in the PostgreSQL manual.
 */
export async function lockRuns(trx: Transaction<FeedTables>, feed: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`millrace runs of ${feed}`}, 0))`.execute(trx);
}

/** Asks the live run of these objects to list again before it ends; call {@link lockRuns} first. */
export async function requestListing(trx: Transaction<FeedTables>, { feed, scope }: FeedScope): Promise<void> {
  await sql`insert into import_request (feed, scope) values (${feed}, ${scope})
    on conflict do nothing`.execute(trx);
}

/** Whether a listing was requested since the last one began; call {@link lockRuns} first. */
export async function isRequested(trx: Transaction<FeedTables>, { feed, scope }: FeedScope): Promise<boolean> {
  const request = trx.selectFrom("import_request").select("feed").where("feed", "=", feed).where("scope", "=", scope);
  return (await request.executeTakeFirst()) !== undefined;
}

/**
 * Deletes the request: every listing of these objects from now on sees what was requested; call {@link lockRuns} first.
 */
export async function answerRequests(trx: Transaction<FeedTables>, { feed, scope }: FeedScope): Promise<void> {
  await trx.deleteFrom("import_request").where("feed", "=", feed).where("scope", "=", scope).execute();
}
