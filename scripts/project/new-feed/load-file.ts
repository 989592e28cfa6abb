import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Feed } from "../../../etl/core/contract/contract";
import type { Database } from "../../../etl/core/database/database";
import { doAtOnce } from "../../../etl/core/database/rehearse";
import { MillraceError } from "../../../etl/core/errors";
import type { Progress } from "../../../etl/core/ports";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import type { FeedSummary } from "../../../etl/feeds/run/events";
import { runFeedHere } from "../../run/feed/run-feed-here";

/**
 * Loads a file by a contract that is not part of the project yet, in one transaction: where it fails, the database is as it was before.
 *
 * @throws what a run throws
 */
export async function loadFile(
  database: Database<FeedTables>,
  feed: Feed,
  file: string,
  progress: Progress,
): Promise<FeedSummary> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-new-feed-"));
  try {
    const contract = join(folder, `${feed.name}.json`);
    writeFileSync(contract, JSON.stringify(feed));
    const run = { contract, files: [file], workers: 1, full: true };
    const result = await doAtOnce(database, (whole) => runFeedHere(whole, run, { progress }));
    if ("waitsFor" in result) throw new MillraceError(result.text, { fix: "Wait for that run, and begin again" });
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
