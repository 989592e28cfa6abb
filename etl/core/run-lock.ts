import { type Kysely, sql } from "kysely";

/**
 * Holds the pipeline's advisory lock of the database while `work` runs, so that two runs at once come one after the other.
 * The lock belongs to the session: `db` must be one connection, and PostgreSQL frees it when that connection dies.
 * See "Advisory Locks" in the PostgreSQL manual.
 *
 * @param onWait called once when another run holds the lock
 */
export async function withRunLock<Tables, Result>(
  db: Kysely<Tables>,
  pipeline: string,
  work: () => Promise<Result>,
  onWait: () => void,
): Promise<Result> {
  const key = sql`hashtextextended(${`millrace run of ${pipeline}`}, 0)`;
  const { rows } = await sql<{ locked: boolean }>`select pg_try_advisory_lock(${key}) as locked`.execute(db);
  if (rows[0]?.locked !== true) {
    onWait();
    await sql`select pg_advisory_lock(${key})`.execute(db);
  }
  try {
    return await work();
  } finally {
    await sql`select pg_advisory_unlock(${key})`.execute(db).catch(() => undefined);
  }
}
