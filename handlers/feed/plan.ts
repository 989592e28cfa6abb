import { S3Client } from "@aws-sdk/client-s3";
import { S3ListStore } from "../../etl/adapters/s3/list-store";
import { S3RangedObjects } from "../../etl/adapters/s3/ranged-objects";
import { planFeed } from "../../etl/feeds/plan/plan";
import { planEnvironment } from "../../etl/feeds/run/environment";
import { planEvent } from "../../etl/feeds/run/events";
import { databaseServer, onFeedDatabase } from "../database";
import { readEnvironment } from "../environment";
import { contractOf } from "../feed-contract";
import { logPlanned } from "../feed-log";
import { clientConfig, defineStep } from "../step";

const env = readEnvironment(planEnvironment);
const s3 = new S3Client(clientConfig);
const work = {
  contract: contractOf(env),
  objects: new S3RangedObjects(s3, env.SOURCE_BUCKET, env.SOURCE_PREFIX),
  manifests: new S3ListStore(s3, env.MANIFEST_BUCKET, env.MANIFEST_PREFIX),
  chunkBytes: env.CHUNK_BYTES,
  include: env.INCLUDE,
  exclude: env.EXCLUDE,
};
const server = databaseServer(env);

export const handler = defineStep({ pipeline: env.FEED, name: "plan", event: planEvent }, async (event, tools) => {
  const { full, replay, again, runId: given, execution } = event;
  const plan = await onFeedDatabase(server, tools, (live) =>
    planFeed(live, { ...work, full, replay, again, runId: given }),
  );
  if ("waitsFor" in plan) {
    tools.logger.info("no run was begun", { execution, ...plan });
    return plan;
  }
  logPlanned(tools.logger, execution, plan);
  return plan;
});
