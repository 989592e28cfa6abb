import { openPostgres } from "../../../../etl/adapters/postgres/postgres";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { runFeedHere } from "../../../run/feed/run-feed-here";
import { SilentProgress } from "../../../run/terminal/silent-progress";

/** One import in a separate process: `feed-millrace.ts URL FOLDER WORKERS new|full`. */
async function main([databaseUrl = "", from = "", workers = "", mode = ""]: readonly string[]): Promise<void> {
  const database = await openPostgres<FeedTables>(databaseUrl);
  const started = performance.now();
  const options = { contract: "sales", from, databaseUrl, workers: Number(workers), full: mode === "full" };
  const result = await runFeedHere(database, options, { progress: new SilentProgress() });
  if ("waitsFor" in result) throw new Error(result.text);
  const { inserted, updated } = result;
  const seconds = (performance.now() - started) / 1000;
  // The whole process, including Node itself: the size that a worker's memory must have.
  console.log(JSON.stringify({ seconds, peakKiB: process.resourceUsage().maxRSS, inserted, updated }));
  await database.close();
}

void main(process.argv.slice(2));
