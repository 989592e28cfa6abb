import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeHistory } from "../support/suites/load/history-suite";

describeHistory("PGlite", () => openPglite(), 15);
