import { S3Client } from "@aws-sdk/client-s3";
import { openRdsDatabase } from "../../etl/adapters/postgres/rds-database";
import { S3RawStore } from "../../etl/adapters/s3/raw-store";
import { LiveDatabase } from "../../etl/core/database/live-database";
import { loadEnvironment } from "../../etl/pipelines/covid/environment";
import { loadEvent, openObjects, summariseLoad } from "../../etl/pipelines/covid/events";
import { mendCovid } from "../../etl/pipelines/covid/mend-covid";
import { covidPipeline } from "../../etl/pipelines/covid/pipeline";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { databaseServer } from "../database";
import { readEnvironment } from "../environment";
import { logProgress } from "../log-ports";
import { orMend } from "../mend";
import { runOnAws } from "../run-on-aws";
import { clientConfig, defineStep } from "../step";

const env = readEnvironment(loadEnvironment);
const store = new S3RawStore({ client: new S3Client(clientConfig), bucket: env.RAW_BUCKET, pipeline: "covid" });
const server = databaseServer(env);

const load = defineStep({ pipeline: "covid", name: "load", event: loadEvent }, async (event, tools) => {
  const fetch = async () => openObjects(event, store);
  const progress = logProgress(tools.logger);
  const pipeline = covidPipeline({
    fetch,
    join: env.JOIN,
    maxRejected: env.MAX_REJECTED,
    missingRecoveries: env.MISSING_RECOVERIES,
    settings: { maxRejected: "pipelines.covid.maxRejected", missingRecoveries: "pipelines.covid.missingRecoveries" },
    progress,
  });
  return summariseLoad(await runOnAws(pipeline, server, tools));
});

export const handler = orMend(load, { pipeline: "covid", store }, async (mending, { logger, remainingMs }) => {
  const database = await openRdsDatabase<CovidTables>({ ...server, remainingMs });
  const live = new LiveDatabase(database, { remainingMs });
  const onWait = () => logger.info("another run holds the lock, waiting");
  return mendCovid(live, mending, onWait).finally(() => live.close());
});
