import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { S3Client } from "@aws-sdk/client-s3";
import { readAuthorities } from "../../etl/adapters/rds-authorities";
import { openRdsDatabase } from "../../etl/adapters/rds-database";
import { S3RawStore } from "../../etl/adapters/s3-raw-store";
import { runPipeline } from "../../etl/core/run-pipeline";
import { loadEnvironment } from "../../etl/pipelines/covid/environment";
import { loadEvent, openObjects, summarizeLoad } from "../../etl/pipelines/covid/events";
import { covidPipeline } from "../../etl/pipelines/covid/pipeline";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { addCounts } from "../count-metrics";
import { readEnvironment } from "../environment";
import { logNotifier, logProgress } from "../log-ports";
import { clientConfig, defineStep } from "../step";

const env = readEnvironment(loadEnvironment);
const store = new S3RawStore({ client: new S3Client(clientConfig), bucket: env.RAW_BUCKET, pipeline: "covid" });
const server = {
  host: env.DATABASE_HOST,
  port: env.DATABASE_PORT,
  name: env.DATABASE_NAME,
  secret: env.DATABASE_SECRET_ARN,
  secrets: new SecretsProvider({ clientConfig }),
  authorities: readAuthorities(env.NODE_EXTRA_CA_CERTS),
};

export const handler = defineStep({ pipeline: "covid", name: "load", event: loadEvent }, async (event, tools) => {
  const { logger, metrics } = tools;
  const fetch = async () => openObjects(event, store);
  const progress = logProgress(logger);
  const pipeline = covidPipeline({ fetch, join: env.JOIN, maxRejected: env.MAX_REJECTED, progress });
  const database = await openRdsDatabase<CovidTables>(server);
  const onWait = () => logger.info("another run holds the lock, waiting");
  const report = await runPipeline(pipeline, { database, notifier: logNotifier(logger), onWait }).finally(
    database.close,
  );
  addCounts(metrics, report);
  return summarizeLoad(report);
});
