import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeAfterRuns } from "../support/suites/after-runs-suite";
import { describeReport } from "../support/suites/report-suite";

describeReport("PGlite", () => openPglite());
describeAfterRuns("PGlite", () => openPglite());
