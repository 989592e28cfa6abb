import type { Transaction } from "kysely";
import { isLostConnection } from "../../core/database/advice";
import type { LiveDatabase } from "../../core/database/live-database";
import { CommitUnknownError, inTransaction } from "../../core/database/transaction";
import { TransientSourceError } from "../../core/fetch/errors";
import type { FeedTables } from "../ledger/tables";

/**
 * In addition to the failures after which PostgreSQL asks for another try: a lost connection, a source that may be
 * available in a moment.
 */
export function mayPass(error: unknown): boolean {
  return isLostConnection(error) || error instanceof TransientSourceError;
}

/**
 * Runs one transaction, with a limited number of further tries if that may help. `work` must find what an earlier try
 * may have committed: after a lost answer to a COMMIT, the next try is what asks the ledger.
 *
 * @param kept what the ledger has if the commit succeeded
 * @param work calls `asked` after it has found that no earlier try was committed
 * @throws CommitUnknownError if the answer to a COMMIT was lost, and the ledger could not be asked after it
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
