import { type Kysely, sql } from "kysely";
import type { RejectedRow } from "../csv/rejected-row";
import { isLostConnection } from "../database/advice";
import type { LiveDatabase } from "../database/live-database";
import type { CoreTables } from "../database/tables";
import { CommitUnknownError } from "../database/transaction";
import { DatabaseError } from "../errors";
import { becomesFree } from "./run-lock";
import type { RunFailedError } from "./run-report";
import { finishRun, keepRejectedRows } from "./runs";

/** How long a lost session may take to end on the server's side. */
const SETTLE_MS = 10_000;

/** The ledger's record of a run whose commit was not answered. */
interface Settled {
  readonly wasKept: boolean;
  /** Why the run failed, if it was not committed. */
  readonly cause: unknown;
}

/**
 * Finds the outcome of a run over a new connection, if the connection was lost after COMMIT was sent. The pipeline's
 * lock is free once the lost session has ended: then its transaction has ended, too, committed or not.
 */
export async function settleRun<Tables extends CoreTables>(
  live: LiveDatabase<Tables>,
  { pipeline, runId, cause }: { readonly pipeline: string; readonly runId: string; readonly cause: unknown },
): Promise<Settled> {
  if (!(cause instanceof CommitUnknownError)) return { wasKept: false, cause };
  try {
    const db = await live.renew();
    if ((await statusOf(db, runId)) === "succeeded") return { wasKept: true, cause };
    const hasEnded = await becomesFree(db, pipeline, SETTLE_MS);
    if ((await statusOf(db, runId)) === "succeeded") return { wasKept: true, cause };
    return { wasKept: false, cause: hasEnded ? notKept(cause) : cause };
  } catch {
    return { wasKept: false, cause };
  }
}

function notKept({ cause, details }: CommitUnknownError): DatabaseError {
  return new DatabaseError("the connection to the database was lost", {
    got: details.got,
    fix: "The ledger says that nothing of the run was kept. Run again.",
    cause,
  });
}

async function statusOf<Tables extends CoreTables>(anyDb: Kysely<Tables>, id: string): Promise<string | undefined> {
  const db = anyDb as unknown as Kysely<CoreTables>;
  const row = await db.selectFrom("etl_run").select("status").where("id", "=", id).executeTakeFirst();
  return row?.status;
}

/**
 * The ledger first, then the rejected rows, which are less important. Best effort: if the database itself is lost, the
 * next run marks this one as dead.
 */
export async function writeFailure<Tables extends CoreTables>(
  live: LiveDatabase<Tables>,
  failure: RunFailedError,
  rows: readonly RejectedRow[],
): Promise<void> {
  const { runId, inserted, updated, unchanged, rejected, dropped, sources, warnings } = failure.report;
  const counts = { inserted, updated, unchanged, rejected, dropped };
  const end = { ...counts, status: "failed", sources, warnings, error: failure.message } as const;
  try {
    // Only the ledger knows whether the run was kept: it must not be overwritten.
    if (failure.cause instanceof CommitUnknownError) return;
    const db = isLostConnection(failure.cause) ? await live.renew() : live.db;
    await db.transaction().execute(async (trx) => {
      // A lost session may still hold the row.
      await sql`select set_config('lock_timeout', ${`${SETTLE_MS}ms`}, true)`.execute(trx);
      await finishRun<Tables>(trx, runId, end);
    });
    await keepAllOrNone(db, runId, rows).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      const lacking = `Its rejected rows could not be kept: ${reason}`;
      return finishRun(db, runId, { ...end, warnings: [...warnings, lacking] });
    });
  } catch {
    // Reported already by the failure itself.
  }
}

async function keepAllOrNone<Tables extends CoreTables>(
  db: Kysely<Tables>,
  run: string,
  rows: readonly RejectedRow[],
): Promise<void> {
  await db.transaction().execute((trx) => keepRejectedRows<Tables>(trx, run, rows));
}
