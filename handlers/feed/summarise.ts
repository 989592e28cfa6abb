import { S3Client } from "@aws-sdk/client-s3";
import { S3ObjectStore } from "../../etl/adapters/s3/object-store";
import { endOldFindings } from "../../etl/core/database/retention";
import { warningLines } from "../../etl/core/runs/run-report";
import { summariseFeed } from "../../etl/feeds/ledger/summarise";
import { endFailedRun } from "../../etl/feeds/run/end-failed-run";
import { summariseEnvironment } from "../../etl/feeds/run/environment";
import { summariseEvent } from "../../etl/feeds/run/events";
import { databaseServer, onFeedDatabase } from "../database";
import { readEnvironment } from "../environment";
import { contractOf } from "../feed-contract";
import { clientConfig, defineStep } from "../step";

const env = readEnvironment(summariseEnvironment);
const contract = contractOf(env);
const server = databaseServer(env);
const bucket = env.VERDICT_BUCKET;
const store = bucket === undefined ? undefined : new S3ObjectStore(new S3Client(clientConfig), bucket);
const step = { pipeline: env.FEED, name: "summarise", event: summariseEvent } as const;

export const handler = defineStep(step, async ({ runId, failure }, tools) => {
  const { logger } = tools;
  if (failure !== undefined) {
    const again = await onFeedDatabase(server, tools, (live) => endFailedRun(live, contract, runId, failure));
    logger.info("feed failed", { runId, failure, again });
    return { runId, again };
  }
  const { revisionDays, rejectedDays, checks } = server;
  const today = new Date().toISOString().slice(0, 10);
  const summary = await onFeedDatabase(server, tools, async (live) => {
    const verdicts = store && { store, remainingMs: tools.remainingMs };
    const summed = await summariseFeed(live, contract, runId, { checks, today }, verdicts);
    await endOldFindings(
      live.db,
      contract.name,
      { revisionDays, rejectedDays, remainingMs: tools.remainingMs },
      { onNote: (text) => logger.info(text), onWarning: (text) => logger.warn(text) },
    );
    return summed;
  });
  logger.info("feed summarised", { ...summary });
  return { ...summary, warningLines: warningLines(summary) };
});
