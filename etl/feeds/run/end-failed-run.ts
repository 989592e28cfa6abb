import type { Feed } from "../../core/contract/contract";
import type { LiveDatabase } from "../../core/database/live-database";
import { answerRequests, isRequested, lockRuns } from "../ledger/requests";
import type { FeedTables } from "../ledger/tables";
import { findLiveRun, readScope } from "../ledger/unended-runs";
import { inTransactionAgain } from "../load/try-again";
import { failRun } from "../plan/plan";

/**
 * Ends the run of a state machine that failed, whatever the cause, and gives up its lease.
 *
 * @returns whether a listing was requested from it: then begin another run, which the request is owed. True only once
 * per request, and not while another run is under way, which sees the request itself
 * @throws DatabaseError if the database does not answer
 */
export async function endFailedRun(
  live: LiveDatabase<FeedTables>,
  { name: feed }: Feed,
  runId: string,
  reason: string,
): Promise<boolean> {
  await failRun(live, runId, reason);
  return inTransactionAgain(live, "the request is served; import_request has it if not", async (trx) => {
    await lockRuns(trx, feed);
    const requests = { feed, scope: await readScope(trx, runId) };
    if (!(await isRequested(trx, requests)) || (await findLiveRun(trx, feed)) !== undefined) return false;
    // A run that fails before it lists must not be begun for the same request again and again.
    await answerRequests(trx, requests);
    return true;
  });
}
