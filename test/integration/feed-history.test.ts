import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeFeedHistory } from "../support/suites/feeds/feed-history-suite";

describeFeedHistory("PGlite", () => openPglite(), 5);
