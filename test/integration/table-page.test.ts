import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeTablePage } from "../support/suites/table-page-suite";

describeTablePage("PGlite", () => openPglite());
