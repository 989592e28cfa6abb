import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeReport } from "../support/suites/report-suite";

describeReport("PGlite", () => openPglite());
