import { type Kysely, sql } from "kysely";
import type { Feed } from "../../core/contract/contract";
import { findErrorCode } from "../../core/database/database";
import { inTransaction } from "../../core/database/transaction";
import { DatabaseError } from "../../core/errors";
import { quoteTable } from "../../core/load/table-habits";
import type { FeedTables } from "../ledger/tables";
import type { Difference } from "./difference";
import { nameTarget } from "./target-name";

/** A session that waits for a table's lock blocks all later ones: so the wait for a new column is limited to this. */
const LOCK_SECONDS = 5;
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * The columns whose addition makes a table what the contract describes, if a run may add them: all missing columns may
 * be NULL, the ledger has loaded the table (in a table that it never loaded, a missing column is more likely a typing
 * error), and the user owns it.
 */
export async function findColumnsToAdd(
  db: Kysely<FeedTables>,
  { table }: Feed,
  differences: readonly Difference[],
): Promise<readonly string[]> {
  const names = differences.flatMap(({ column }) => column ?? []);
  if (names.length < differences.length || names.length === 0) return [];
  const { ledger } = await nameTarget(db, table);
  const { rows } = await sql`select from pg_class where oid = to_regclass(${quoteTable(table)})
    and pg_has_role(current_user, relowner, 'usage') and exists (select from import_target where target = ${ledger})`.execute(
    db,
  );
  return rows.length === 0 ? [] : names;
}

/** @throws DatabaseError if the table is in use for so long that its lock is not available */
export async function addColumns(
  db: Kysely<FeedTables>,
  { table }: Feed,
  differences: readonly Difference[],
): Promise<void> {
  const statements = differences.map((difference) => difference.sql);
  try {
    await inTransaction(db, "the columns were added if so", async (trx) => {
      const { rows } = await sql<{ before: string }>`select current_setting('lock_timeout') as before,
        set_config('lock_timeout', ${`${LOCK_SECONDS}s`}, true)`.execute(trx);
      for (const statement of statements) await sql.raw(statement).execute(trx);
      await sql`select set_config('lock_timeout', ${rows[0]?.before ?? "0"}, true)`.execute(trx);
    });
  } catch (error) {
    if (findErrorCode(error) !== LOCK_NOT_AVAILABLE) throw error;
    throw new DatabaseError(`The table ${table} lacks columns of its contract, and is in use`, {
      got: `no lock within ${LOCK_SECONDS} s`,
      expected: differences.map(({ what }) => what).join("; "),
      fix: `End the sessions that hold the table (see pg_stat_activity), or run: ${statements.join(" ")} Then run again`,
      cause: error,
    });
  }
}
