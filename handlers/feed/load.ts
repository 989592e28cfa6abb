import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { S3Client } from "@aws-sdk/client-s3";
import { ownCode } from "../../etl/adapters/files/own-code";
import { S3RangedObjects } from "../../etl/adapters/s3/ranged-objects";
import { S3RawStore } from "../../etl/adapters/s3/raw-store";
import type { LiveDatabase } from "../../etl/core/database/live-database";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { loadChunk } from "../../etl/feeds/load/load-chunk";
import { mendFeed } from "../../etl/feeds/mend/mend-feed";
import { loadEnvironment } from "../../etl/feeds/run/environment";
import { loadEvent } from "../../etl/feeds/run/events";
import { undoFeed } from "../../etl/feeds/undo/undo-feed";
import { addCounts } from "../count-metrics";
import { databaseServer, onFeedDatabase } from "../database";
import { readEnvironment } from "../environment";
import { contractOf } from "../feed-contract";
import { logLoaded } from "../feed-log";
import { orMend } from "../mend";
import { clientConfig, defineStep } from "../step";
import { orUndo } from "../undo";

const env = readEnvironment(loadEnvironment);
const s3 = new S3Client(clientConfig);
const work = {
  contract: contractOf(env),
  objects: new S3RangedObjects(s3, env.SOURCE_BUCKET, env.SOURCE_PREFIX),
  code: ownCode(),
};
const mends = new S3RawStore({ client: s3, bucket: env.MEND_BUCKET, pipeline: env.FEED });
const server = databaseServer(env);

const load = defineStep({ pipeline: env.FEED, name: "load", event: loadEvent }, async (event, tools) => {
  const { runId, chunk } = event;
  const { logger, metrics } = tools;
  const counts = await onFeedDatabase(server, tools, (live) =>
    loadChunk(live, { ...work, runId, chunk, remainingMs: tools.remainingMs }),
  );
  addCounts(metrics, "rows", { ...counts, chunks: 1 });
  metrics.addMetric("bytes", MetricUnit.Bytes, chunk.end - chunk.start);
  logLoaded(logger, event, chunk, counts);
  return counts;
});

const loadOrMend = orMend(load, { pipeline: env.FEED, store: mends }, (mending, tools) =>
  onFeedDatabase(server, tools, (live) => mendFeed(live, work.contract, mending)),
);

export const handler = orUndo(loadOrMend, { pipeline: env.FEED, server }, (live: LiveDatabase<FeedTables>, wanted) =>
  undoFeed(live, work.contract, wanted),
);
