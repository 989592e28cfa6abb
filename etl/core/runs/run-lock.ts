import { setTimeout as sleep } from "node:timers/promises";
import { type Kysely, type RawBuilder, sql } from "kysely";
import { isLostConnection } from "../database/advice";

/** The pause between two checks of a held lock. */
const LOOK_AGAIN_MS = 500;

/**
 * Holds the pipeline's advisory lock of the database while `work` runs, so that two runs at once come one after the other.
 * The lock belongs to the session: `db` must be one connection, and PostgreSQL frees it when that connection dies.
 * See "Advisory Locks" in the PostgreSQL manual.
 *
 * While another run holds it, it is asked for again and again: an answer each time, so that a server that went silent is
 * told from one that makes this run wait.
 *
 * @param onWait called once when another run holds the lock
 */
export async function withRunLock<Tables, Result>(
  db: Kysely<Tables>,
  pipeline: string,
  work: () => Promise<Result>,
  onWait: () => void,
): Promise<Result> {
  if (!(await tryLock(db, pipeline))) {
    onWait();
    await waitForLock(db, pipeline, Number.POSITIVE_INFINITY);
  }
  try {
    const result = await work();
    await unlock(db, pipeline);
    return result;
  } catch (error) {
    // If the connection was lost, or given up while still in use, the lock is released automatically.
    if (!isLostConnection(error)) await unlock(db, pipeline);
    throw error;
  }
}

/** Whether the session that had the pipeline's lock has ended, and so its transaction, within the given time. */
export async function becomesFree<Tables>(db: Kysely<Tables>, pipeline: string, withinMs: number): Promise<boolean> {
  const isFree = await waitForLock(db, pipeline, withinMs);
  if (isFree) await unlock(db, pipeline);
  return isFree;
}

async function waitForLock<Tables>(db: Kysely<Tables>, pipeline: string, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (!(await tryLock(db, pipeline))) {
    if (performance.now() >= until) return false;
    await sleep(Math.min(LOOK_AGAIN_MS, withinMs));
  }
  return true;
}

async function tryLock<Tables>(db: Kysely<Tables>, pipeline: string): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`select pg_try_advisory_lock(${keyOf(pipeline)}) as locked`.execute(
    db,
  );
  return rows[0]?.locked === true;
}

async function unlock<Tables>(db: Kysely<Tables>, pipeline: string): Promise<void> {
  await sql`select pg_advisory_unlock(${keyOf(pipeline)})`.execute(db).catch(() => undefined);
}

function keyOf(pipeline: string): RawBuilder<unknown> {
  return sql`hashtextextended(${`millrace run of ${pipeline}`}, 0)`;
}
