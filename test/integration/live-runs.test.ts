import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeLiveRuns } from "../support/suites/feeds/runs/live-runs-suite";

describeLiveRuns("PGlite", openPglite);
