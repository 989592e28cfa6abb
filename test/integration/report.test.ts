import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeReport } from "../support/report-suite";

describeReport("PGlite", () => openPglite());
