import { sql, type Transaction } from "kysely";

/**
 * Holds a target table's advisory lock to the end of the transaction, or until it is rolled back to a savepoint from before.
 * `shared`: other chunks are loaded meanwhile; no object is registered. See "Advisory Locks" in the PostgreSQL manual.
 */
export async function lockTarget<Tables>(
  trx: Transaction<Tables>,
  table: string,
  mode: "shared" | "exclusive",
): Promise<void> {
  const key = sql`hashtextextended(${`millrace import into ${table}`}, 0)`;
  await (mode === "shared"
    ? sql`select pg_advisory_xact_lock_shared(${key})`.execute(trx)
    : sql`select pg_advisory_xact_lock(${key})`.execute(trx));
}
