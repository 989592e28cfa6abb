import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeFeedModel } from "../support/models/feeds/feed-model";
import { describeFeeds } from "../support/suites/feeds/all-feed-suites";

describeFeeds("PGlite", openPglite);
describeFeedModel("PGlite", openPglite, 25);
