import { openPglite } from "../../etl/adapters/pglite";
import { describeTablePage } from "../support/table-page-suite";

describeTablePage("PGlite", () => openPglite());
