import { S3Client } from "@aws-sdk/client-s3";
import { ownCode } from "../../etl/adapters/files/own-code";
import { S3ListStore } from "../../etl/adapters/s3/list-store";
import { S3ObjectStore } from "../../etl/adapters/s3/object-store";
import { S3RangedObjects } from "../../etl/adapters/s3/ranged-objects";
import { S3RawStore } from "../../etl/adapters/s3/raw-store";
import type { LiveDatabase } from "../../etl/core/database/live-database";
import { endOldFindings } from "../../etl/core/database/retention";
import { warningLines } from "../../etl/core/runs/run-report";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { mendFeed } from "../../etl/feeds/mend/mend-feed";
import { endFailedRun } from "../../etl/feeds/run/end-failed-run";
import { planEnvironment } from "../../etl/feeds/run/environment";
import { runEvent } from "../../etl/feeds/run/events";
import { runFeed } from "../../etl/feeds/run/run-feed";
import { undoFeed } from "../../etl/feeds/undo/undo-feed";
import { addCounts } from "../count-metrics";
import { databaseServer, onFeedDatabase } from "../database";
import { readEnvironment } from "../environment";
import { contractOf } from "../feed-contract";
import { logLoaded, logPlanned } from "../feed-log";
import { orMend } from "../mend";
import { clientConfig, defineStep } from "../step";
import { orUndo } from "../undo";

const env = readEnvironment(planEnvironment);
const s3 = new S3Client(clientConfig);
const contract = contractOf(env);
const work = {
  contract,
  objects: new S3RangedObjects(s3, env.SOURCE_BUCKET, env.SOURCE_PREFIX),
  manifests: new S3ListStore(s3, env.MANIFEST_BUCKET, env.MANIFEST_PREFIX),
  chunkBytes: env.CHUNK_BYTES,
  include: env.INCLUDE,
  exclude: env.EXCLUDE,
  code: ownCode(),
  verdicts: env.VERDICT_BUCKET === undefined ? undefined : new S3ObjectStore(s3, env.VERDICT_BUCKET),
};
const mends = new S3RawStore({ client: s3, bucket: env.MANIFEST_BUCKET, pipeline: env.FEED });
const server = databaseServer(env);

/** A whole run, or as much of it as one call has time for. */
const run = defineStep({ pipeline: env.FEED, name: "run", event: runEvent }, async (event, tools) => {
  const { runId, full, replay, again, failure } = event;
  const { logger, metrics, remainingMs } = tools;
  if (failure !== undefined) {
    const again = await onFeedDatabase(server, tools, (live) => endFailedRun(live, contract, runId, failure));
    logger.info("feed failed", { runId, failure, again });
    return { runId, again };
  }
  const watch = { checks: server.checks, today: new Date().toISOString().slice(0, 10) };
  const result = await onFeedDatabase(server, tools, async (live) => {
    const done = await runFeed(live, {
      ...{ ...work, runId, full, replay, again, watch, remainingMs },
      onPlanned: (plan) => logPlanned(logger, event.execution, plan),
      onLoaded: (chunk, counts) => logLoaded(logger, event, chunk, counts),
    });
    if ("summary" in done) {
      const { revisionDays, rejectedDays } = server;
      const says = { onNote: (text: string) => logger.info(text), onWarning: (text: string) => logger.warn(text) };
      await endOldFindings(live.db, contract.name, { revisionDays, rejectedDays, remainingMs }, says);
    }
    return done;
  });
  if (!("summary" in result)) return result;
  const { summary } = result;
  addCounts(metrics, "rows", summary);
  logger.info("feed summarised", { ...summary });
  return { ...result, summary: { ...summary, warningLines: warningLines(summary) } };
});

const runOrMend = orMend(run, { pipeline: env.FEED, store: mends }, (mending, tools) =>
  onFeedDatabase(server, tools, (live) => mendFeed(live, contract, mending)),
);

export const handler = orUndo(runOrMend, { pipeline: env.FEED, server }, (live: LiveDatabase<FeedTables>, wanted) =>
  undoFeed(live, contract, wanted),
);
