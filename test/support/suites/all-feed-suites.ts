import type { Database } from "../../../etl/core/database/database";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import { describeContractChanges } from "./contract-changes-suite";
import { describeFeedHabits } from "./feed-habits-suite";
import { describeMendStates } from "./feed-mend-states-suite";
import { describeFeedMend } from "./feed-mend-suite";
import { describeFeedObjects } from "./feed-objects-suite";
import { describeFeedOrder } from "./feed-order-suite";
import { describeFeedRevisions } from "./feed-revisions-suite";
import { describeFeedLoads } from "./feed-suite";
import { describeFeedTarget } from "./feed-target-suite";
import { describeFeedValues } from "./feed-values-suite";
import { describeFeedVerdicts } from "./feed-verdicts-suite";
import { describeFeedWatch } from "./feed-watch-suite";
import { describeLostTables } from "./lost-tables-suite";
import { describeRehearsal } from "./rehearsal-suite";
import { describeRejectedObjects } from "./rejected-objects-suite";
import { describeRejectedParts } from "./rejected-parts-suite";
import { describeUnendedRuns } from "./unended-runs-suite";

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
