import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeHistory } from "../support/suites/history-suite";

describeHistory("PGlite", () => openPglite(), 15);
