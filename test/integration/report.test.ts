import { openPglite } from "../../etl/adapters/pglite";
import { describeReport } from "../support/report-suite";

describeReport("PGlite", () => openPglite());
