import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeLiveRuns } from "../support/suites/live-runs-suite";

describeLiveRuns("PGlite", openPglite);
