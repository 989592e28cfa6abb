import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeFeedRunModel } from "../support/models/feeds/feed-run-model";
import { describeFeedRuns } from "../support/suites/feeds/runs/feed-runs-suite";

describeFeedRuns("PGlite", openPglite);
describeFeedRunModel("PGlite", openPglite, 20);
