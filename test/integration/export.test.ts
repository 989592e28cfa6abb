import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeExport } from "../support/suites/export-suite";

describeExport("PGlite", () => openPglite());
