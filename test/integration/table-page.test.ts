import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeTablePage } from "../support/suites/report/table-page-suite";

describeTablePage("PGlite", () => openPglite());
