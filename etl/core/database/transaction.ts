import type { Kysely, Transaction } from "kysely";
import { DatabaseError, MillraceError } from "../errors";
import { isLostConnection } from "./advice";

/** The connection was lost after COMMIT was sent: only the ledger knows whether anything was kept. */
export class CommitUnknownError extends DatabaseError {
  /** @param kept what the ledger has if the commit succeeded */
  constructor(
    readonly kept: string,
    cause: unknown,
  ) {
    super("the connection to the database was lost while the transaction was committed", {
      got: cause instanceof MillraceError ? (cause.details.got ?? cause.message) : String(cause),
      fix: `It is not known whether ${kept}`,
      cause,
    });
  }
}

/**
 * Runs `work` in a transaction. Its error is thrown unchanged, whatever the rollback throws after it.
 *
 * @param kept what the ledger has if the commit succeeded: `the run was kept; etl_run has it if so`
 * @throws CommitUnknownError if the connection was lost after COMMIT was sent
 */
export async function inTransaction<Tables, Result>(
  db: Kysely<Tables>,
  kept: string,
  work: (trx: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  let broken: { readonly error: unknown } | undefined;
  let isWorkDone = false;
  try {
    return await db.transaction().execute(async (trx) => {
      try {
        const result = await work(trx);
        isWorkDone = true;
        return result;
      } catch (error) {
        broken = { error };
        throw error;
      }
    });
  } catch (error) {
    if (broken !== undefined) throw broken.error;
    throw isWorkDone && isLostConnection(error) ? new CommitUnknownError(kept, error) : error;
  }
}
