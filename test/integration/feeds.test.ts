import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeFeedModel } from "../support/models/feed-model";
import { describeFeeds } from "../support/suites/all-feed-suites";

describeFeeds("PGlite", openPglite);
describeFeedModel("PGlite", openPglite, 25);
