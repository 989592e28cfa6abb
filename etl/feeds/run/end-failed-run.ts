import type { Feed } from "../../core/contract/contract";
import type { LiveDatabase } from "../../core/database/live-database";
import { answerRequests, isRequested, lockRuns } from "../ledger/requests";
import type { FeedTables } from "../ledger/tables";
import { findLiveRun, readScope } from "../ledger/unended-runs";
import { inTransactionAgain } from "../load/try-again";
import { failRun } from "../plan/plan";

/**
 * Ends a run of a machine that failed, whatever ended it, and gives up its lease.
 *
 * @returns whether somebody left his work to it: begin another run then, which is owed to him. Nobody is told so twice, and not where
 * another run is under way, which sees it itself
 * @throws DatabaseError where the database does not say
 */
export async function endFailedRun(
  live: LiveDatabase<FeedTables>,
  { name: feed }: Feed,
  runId: string,
  reason: string,
): Promise<boolean> {
  await failRun(live, runId, reason);
  return inTransactionAgain(
    live,
    "who left his work to the run is served; import_request has him if not",
    async (trx) => {
      await lockRuns(trx, feed);
      const requests = { feed, scope: await readScope(trx, runId) };
      if (!(await isRequested(trx, requests)) || (await findLiveRun(trx, feed, runId)) !== undefined) return false;
      // A run that fails before it lists must not be begun for him again and again.
      await answerRequests(trx, requests);
      return true;
    },
  );
}
