import { S3Client } from "@aws-sdk/client-s3";
import { S3RawStore } from "../../etl/adapters/s3/raw-store";
import type { LiveDatabase } from "../../etl/core/database/live-database";
import { loadEnvironment } from "../../etl/pipelines/covid/environment";
import { loadEvent, openObjects, summariseLoad } from "../../etl/pipelines/covid/events";
import { mendCovid } from "../../etl/pipelines/covid/mend-covid";
import { covidPipeline } from "../../etl/pipelines/covid/pipeline";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { undoCovid } from "../../etl/pipelines/covid/undo-covid";
import { databaseServer, onDatabase } from "../database";
import { readEnvironment } from "../environment";
import { logProgress } from "../log-ports";
import { orMend } from "../mend";
import { runOnAws } from "../run-on-aws";
import { clientConfig, defineStep, type Tools } from "../step";
import { orUndo } from "../undo";

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
    kept: env.HISTORY,
    settings: { maxRejected: "pipelines.covid.maxRejected", missingRecoveries: "pipelines.covid.missingRecoveries" },
    progress,
  });
  return summariseLoad(await runOnAws(pipeline, server, tools));
});

type Live = LiveDatabase<CovidTables>;

const onWait =
  ({ logger }: Tools) =>
  () =>
    logger.info("another run holds the lock, waiting");

const loadOrMend = orMend(load, { pipeline: "covid", store }, (mending, tools) =>
  onDatabase(server, tools, (live: Live) => mendCovid(live, mending, onWait(tools), env.HISTORY)),
);

export const handler = orUndo(loadOrMend, { pipeline: "covid", server }, (live: Live, wanted, tools) =>
  undoCovid(live, wanted, onWait(tools)),
);
