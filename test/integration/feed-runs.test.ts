import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeFeedRunModel } from "../support/models/feed-run-model";
import { describeFeedRuns } from "../support/suites/feed-runs-suite";

describeFeedRuns("PGlite", openPglite);
describeFeedRunModel("PGlite", openPglite, 20);
