import { describeFeedModel } from "../support/models/feeds/feed-model";
import { describeOnPostgres } from "../support/servers/feed-databases";
import { describeFeeds } from "../support/suites/feeds/all-feed-suites";

describeOnPostgres(0, ({ open }) => {
  describeFeeds("PostgreSQL", open);
  describeFeedModel("PostgreSQL", open, 60);
});
