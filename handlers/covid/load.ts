import { S3Client } from "@aws-sdk/client-s3";
import { S3RawStore } from "../../etl/adapters/s3/raw-store";
import { loadEnvironment } from "../../etl/pipelines/covid/environment";
import { loadEvent, openObjects, summariseLoad } from "../../etl/pipelines/covid/events";
import { covidPipeline } from "../../etl/pipelines/covid/pipeline";
import { databaseServer } from "../database";
import { readEnvironment } from "../environment";
import { logProgress } from "../log-ports";
import { runOnAws } from "../run-on-aws";
import { clientConfig, defineStep } from "../step";

const env = readEnvironment(loadEnvironment);
const store = new S3RawStore({ client: new S3Client(clientConfig), bucket: env.RAW_BUCKET, pipeline: "covid" });
const server = databaseServer(env);

export const handler = defineStep({ pipeline: "covid", name: "load", event: loadEvent }, async (event, tools) => {
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
