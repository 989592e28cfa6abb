import { openRdsDatabase, type RdsDatabaseOptions } from "../etl/adapters/postgres/rds-database";
import { LiveDatabase } from "../etl/core/database/live-database";
import type { FeedTables } from "../etl/feeds/ledger/tables";
import type { Tools } from "./step";

/** Does a step's work in the database of the stack: over a new connection where one is lost, and ahead of the function's end. */
export async function onFeedDatabase<Result>(
  server: RdsDatabaseOptions,
  { remainingMs }: Pick<Tools, "remainingMs">,
  work: (live: LiveDatabase<FeedTables>) => Promise<Result>,
): Promise<Result> {
  const database = await openRdsDatabase<FeedTables>({ ...server, remainingMs });
  const live = new LiveDatabase(database, { remainingMs });
  return work(live).finally(() => live.close());
}
