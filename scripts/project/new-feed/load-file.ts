import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import type { Feed } from "../../../etl/core/contract/contract";
import type { Database } from "../../../etl/core/database/database";
import { doAtOnce } from "../../../etl/core/database/rehearse";
import { MillraceError } from "../../../etl/core/errors";
import type { Progress } from "../../../etl/core/ports";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import type { FeedSummary } from "../../../etl/feeds/run/events";
import { runFeedHere } from "../../run/feed/run-feed-here";
import { EMBEDDED_DATABASE } from "../../run/places";

/**
 * Loads a file by a contract that is not part of the project yet, in one transaction: if it fails, the database is
 * unchanged.
 *
 * @throws errors of a run
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
    const wasThere = await hasTable(database, feed.table);
    const result = await doAtOnce(database, (whole) => runFeedHere(whole, run, { progress })).catch((error) => {
      throw wasThere ? adviseOnTable(error, feed.table) : error;
    });
    if ("waitsFor" in result) throw new MillraceError(result.text, { fix: "Wait for that run, and begin again" });
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function hasTable({ db }: Database<FeedTables>, table: string): Promise<boolean> {
  const found = await sql`select from pg_catalog.pg_tables where tablename = ${table}`.execute(db);
  return found.rows.length > 0;
}

/** A table of an earlier feed with this name stays in the embedded database when its files are deleted. */
function adviseOnTable(error: unknown, table: string): unknown {
  if (!(error instanceof MillraceError)) return error;
  return new MillraceError(error.headline, {
    ...error.details,
    fix: `The embedded database has a table ${table} already, perhaps of an earlier try: choose another name, or remove ${EMBEDDED_DATABASE}, which has only data loaded on this machine`,
    cause: error,
  });
}
