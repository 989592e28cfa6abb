import { sql } from "kysely";
import type { CsvContract, Feed } from "../../../etl/core/contract/contract";
import type { Database } from "../../../etl/core/database/database";
import { LiveDatabase } from "../../../etl/core/database/live-database";
import { type MendFile, readMendFile } from "../../../etl/core/mend/mend-file";
import type { Mending, MendReport } from "../../../etl/core/mend/mend-run";
import { type Ask, readRejected, type StateCounts } from "../../../etl/core/mend/read-rejected";
import { writeRejected } from "../../../etl/core/mend/rejected-file";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import { mendFeed } from "../../../etl/feeds/mend/mend-feed";

/** Asks a database as the commands do: all values are texts. */
export function askOf<Tables>({ db }: Pick<Database<Tables>, "db">): Ask {
  const textOf = (value: unknown) => (value === null ? null : String(value));
  return async (statement) => {
    const { rows } = await sql.raw<Record<string, unknown>>(statement).execute(db);
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, textOf(value)])));
  };
}

export async function statesOf<Tables>(database: Database<Tables>, pipeline: string): Promise<StateCounts> {
  return (await readRejected(askOf(database), { pipeline })).counts;
}

/** The open rejected rows as a person gets them, after each text was replaced by another. */
export async function corrected<Tables>(
  database: Database<Tables>,
  pipeline: string,
  contractOf: (source: string) => CsvContract,
  ...replaced: readonly (readonly [text: string, by: string])[]
): Promise<MendFile> {
  const { rows } = await readRejected(askOf(database), { pipeline });
  const { text } = writeRejected(rows, contractOf);
  // Reasons quote the values, too.
  return readMendFile("rows.csv", Buffer.from(replaced.reduce((all, [from, to]) => all.replaceAll(from, to), text)));
}

export function mendReadings(
  database: Database<FeedTables>,
  contract: Feed,
  file: MendFile,
  facts: Partial<Mending> = {},
): Promise<MendReport> {
  return mendFeed(new LiveDatabase(database), contract, { file, by: "ann", ...facts });
}
