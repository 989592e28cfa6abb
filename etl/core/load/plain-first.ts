import { sql, type Transaction } from "kysely";
import { findErrorCode } from "../database/database";

const UNIQUE_VIOLATION = "23505";

/** A partitioned table is tried so often: each time, the rows that others have committed meanwhile are seen. */
const MOST_PLAIN_TRIES = 3;

/** How rows of new keys are inserted: at half the cost, or ready for a key that another transaction inserts meanwhile. */
export type InsertNew = "plain" | "on-conflict";

/**
 * Runs `upsert` plainly and, should another transaction have inserted one of its keys meanwhile, undoes it and runs it
 * with `ON CONFLICT`. What it locked the first time is free again.
 *
 * @param isPartitioned run it plainly once more instead: what `ON CONFLICT` did to a row of such a table, PostgreSQL does not tell
 */
export async function plainFirst<DB, Counts>(
  trx: Transaction<DB>,
  isPartitioned: boolean,
  upsert: (insertNew: InsertNew, isFirst: boolean) => Promise<Counts>,
): Promise<Counts> {
  await sql`savepoint millrace_upsert`.execute(trx);
  for (let tries = 1; ; tries += 1) {
    try {
      const counts = await upsert(tries === 1 || isPartitioned ? "plain" : "on-conflict", tries === 1);
      await sql`release savepoint millrace_upsert`.execute(trx);
      return counts;
    } catch (error) {
      if (findErrorCode(error) !== UNIQUE_VIOLATION || tries >= (isPartitioned ? MOST_PLAIN_TRIES : 2)) throw error;
      await sql`rollback to savepoint millrace_upsert`.execute(trx);
    }
  }
}
