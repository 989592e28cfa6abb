import type { Transaction } from "kysely";
import { isLostConnection } from "../../core/database/advice";
import type { LiveDatabase } from "../../core/database/live-database";
import { CommitUnknownError, inTransaction } from "../../core/database/transaction";
import { TransientSourceError } from "../../core/fetch/errors";
import type { FeedTables } from "../ledger/tables";

/** Besides what PostgreSQL asks to try again: a lost connection, a source that may be there in a moment. */
export function mayPass(error: unknown): boolean {
  return isLostConnection(error) || error instanceof TransientSourceError;
}

/**
 * One transaction, tried again, bounded, where that may help. `work` must find what an earlier try may have kept: where the
 * answer to a COMMIT was lost, the next try is how the ledger is asked.
 *
 * @param kept what the ledger has where the commit came through
 * @param work calls `asked` once it knows that no earlier try was kept
 * @throws CommitUnknownError where the answer to a COMMIT was lost, and the ledger could not be asked after it
 */
export async function inTransactionAgain<Result>(
  live: LiveDatabase<FeedTables>,
  kept: string,
  work: (trx: Transaction<FeedTables>, asked: () => void) => Promise<Result>,
): Promise<Result> {
  let unknown: CommitUnknownError | undefined;
  const asked = () => {
    unknown = undefined;
  };
  return live.run(async (db) => {
    try {
      return await inTransaction(db, kept, (trx) => work(trx, asked));
    } catch (error) {
      if (error instanceof CommitUnknownError) unknown = error;
      throw unknown ?? error;
    }
  }, mayPass);
}
