import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeTablePage } from "../support/table-page-suite";

describeTablePage("PGlite", () => openPglite());
