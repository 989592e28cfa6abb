import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeAfterRuns } from "../support/suites/report/after-runs-suite";
import { describeReport } from "../support/suites/report/report-suite";

describeReport("PGlite", () => openPglite());
describeAfterRuns("PGlite", () => openPglite());
