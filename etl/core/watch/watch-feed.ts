import type { Kysely } from "kysely";
import type { CoreTables } from "../database/tables";
import { watchColumns } from "./columns";
import type { FeedChecks } from "./feed-checks";
import { watchLostValues } from "./lost-values";
import { type Feed, watchNews } from "./news";
import { readPastRuns } from "./past-runs";
import { watchRejected, watchSizes } from "./usual-size";

export interface WatchedFeed extends Feed {
  readonly runId: string;
  readonly rejected: number;
  /** Whether no value of a record may be shown. Default: false. */
  readonly isSensitive?: boolean;
  /** `YYYY-MM-DD`, UTC. */
  readonly today: string;
}

/**
 * Warnings about a feed although its run succeeds: nothing new for long, changed or empty columns, a size or a share of
 * rejected rows far from the usual, known values that became NULL. Only correct inside the transaction of the load,
 * before the ledger has the run.
 *
 * @throws CsvError if the checks make a run fail
 */
export async function watchFeed<Tables extends CoreTables>(
  anyDb: Kysely<Tables>,
  feed: WatchedFeed,
  checks: FeedChecks,
): Promise<readonly string[]> {
  const db = anyDb as unknown as Kysely<CoreTables>;
  const past = await readPastRuns(db, feed.pipeline);
  const { staleDays } = checks;
  return [
    ...(staleDays === null ? [] : await watchNews(db, feed, { staleDays, today: feed.today })),
    ...watchSizes(past, feed.sources, checks),
    ...watchRejected(past, feed.sources, feed.rejected),
    ...watchColumns(past, feed.sources),
    ...(await watchLostValues(db, feed.runId, feed.isSensitive)),
  ];
}
