import { sql, type Transaction } from "kysely";
import { findErrorCode } from "../database";

const UNIQUE_VIOLATION = "23505";

/** How rows of new keys are inserted: at half the cost, or ready for a key that another transaction inserts meanwhile. */
export type InsertNew = "plain" | "on-conflict";

/**
 * Runs `upsert` plainly and, should another transaction have inserted one of its keys meanwhile, undoes it and runs it
 * with `ON CONFLICT`. What it locked the first time is free again.
 */
export async function plainFirst<DB, Counts>(
  trx: Transaction<DB>,
  upsert: (insertNew: InsertNew) => Promise<Counts>,
): Promise<Counts> {
  await sql`savepoint millrace_upsert`.execute(trx);
  const counts = await upsert("plain").catch(async (error: unknown) => {
    if (findErrorCode(error) !== UNIQUE_VIOLATION) throw error;
    await sql`rollback to savepoint millrace_upsert`.execute(trx);
    return upsert("on-conflict");
  });
  await sql`release savepoint millrace_upsert`.execute(trx);
  return counts;
}
