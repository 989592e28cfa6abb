import type { Database } from "../../../../etl/core/database/database";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { describeFeedHabits } from "./feed-habits-suite";
import { describeFeedObjects } from "./feed-objects-suite";
import { describeFeedOrder } from "./feed-order-suite";
import { describeFeedRevisions } from "./feed-revisions-suite";
import { describeFeedLoads } from "./feed-suite";
import { describeFeedValues } from "./feed-values-suite";
import { describeFeedWatch } from "./feed-watch-suite";
import { describeMendStates } from "./rejected/feed-mend-states-suite";
import { describeFeedMend } from "./rejected/feed-mend-suite";
import { describeFeedVerdicts } from "./rejected/feed-verdicts-suite";
import { describeRejectedEncoding } from "./rejected/rejected-encoding-suite";
import { describeRejectedObjects } from "./rejected/rejected-objects-suite";
import { describeRejectedParts } from "./rejected/rejected-parts-suite";
import { describeRehearsal } from "./runs/rehearsal-suite";
import { describeUnendedRuns } from "./runs/unended-runs-suite";
import { describeContractChanges } from "./table/contract-changes-suite";
import { describeFeedTarget } from "./table/feed-target-suite";
import { describeLostTables } from "./table/lost-tables-suite";

const SUITES = [
  describeFeedLoads,
  describeFeedObjects,
  describeFeedOrder,
  describeFeedTarget,
  describeFeedValues,
  describeFeedHabits,
  describeFeedVerdicts,
  describeFeedWatch,
  describeUnendedRuns,
  describeLostTables,
  describeRejectedEncoding,
  describeRejectedObjects,
  describeRejectedParts,
  describeRehearsal,
  describeFeedRevisions,
  describeContractChanges,
  describeFeedMend,
  describeMendStates,
];

/** All that feeds must do on every engine. */
export function describeFeeds(engine: string, open: () => Promise<Database<FeedTables>>): void {
  for (const describeSuite of SUITES) describeSuite(engine, open);
}
