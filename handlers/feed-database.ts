import { openRdsDatabase, type RdsDatabaseOptions } from "../etl/adapters/postgres/rds-database";
import { LiveDatabase } from "../etl/core/database/live-database";
import type { FeedTables } from "../etl/feeds/ledger/tables";
import type { Tools } from "./step";

/**
 * Does a step's work in the stack's database: with a new connection if one is lost, and ending before the function's
 * time-out.
 */
export async function onFeedDatabase<Result>(
  server: RdsDatabaseOptions,
  { remainingMs }: Pick<Tools, "remainingMs">,
  work: (live: LiveDatabase<FeedTables>) => Promise<Result>,
): Promise<Result> {
  const database = await openRdsDatabase<FeedTables>({ ...server, remainingMs });
  const live = new LiveDatabase(database, { remainingMs });
  return work(live).finally(() => live.close());
}
