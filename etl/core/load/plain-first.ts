import { sql, type Transaction } from "kysely";
import { findErrorCode } from "../database/database";

const UNIQUE_VIOLATION = "23505";

/** The number of tries for a partitioned table: each try sees the rows that others have committed meanwhile. */
const MOST_PLAIN_TRIES = 3;

/**
 * How rows with new keys are inserted: at half the cost, or ready for a key that another transaction inserts meanwhile.
 */
export type InsertNew = "plain" | "on-conflict";

/**
 * Runs `upsert` plainly and, if another transaction has inserted one of its keys meanwhile, undoes it and runs it with
 * `ON CONFLICT`. The first run's locks are released.
 *
 * @param isPartitioned run it plainly again instead: PostgreSQL does not report what `ON CONFLICT` did to a row of such
 * a table
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
      await undoUpsert(trx);
    }
  }
}

/** After {@link plainFirst} threw: undoes what it did, and the transaction goes on. */
export async function undoUpsert<DB>(trx: Transaction<DB>): Promise<void> {
  await sql`rollback to savepoint millrace_upsert`.execute(trx);
}
