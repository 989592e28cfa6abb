import { S3Client } from "@aws-sdk/client-s3";
import { HttpClient } from "../../etl/adapters/http-client";
import { S3RawStore } from "../../etl/adapters/s3-raw-store";
import { fetchSource } from "../../etl/core/fetch";
import { fetchEnvironment } from "../../etl/pipelines/covid/environment";
import { describeObject, type FetchedObject, type FetchResult, fetchEvent } from "../../etl/pipelines/covid/events";
import { readEnvironment } from "../environment";
import { logProgress } from "../log-ports";
import { clientConfig, defineStep } from "../step";

/** Both bodies pass through /tmp, which has 512 MB. */
const MAX_BYTES = 200 * 2 ** 20;
/** What is left of the function's time to report a download that did not come. */
const REPORT_MS = 10_000;

const env = readEnvironment(fetchEnvironment);
const store = new S3RawStore({ client: new S3Client(clientConfig), bucket: env.RAW_BUCKET, pipeline: "covid" });
const http = new HttpClient({ maxBytes: MAX_BYTES });

export const handler = defineStep({ pipeline: "covid", name: "fetch", event: fetchEvent }, async (_, tools) => {
  const day = new Date().toISOString().slice(0, 10);
  const progress = logProgress(tools.logger);
  const patience = { totalTimeoutMs: tools.remainingMs() - REPORT_MS };
  const keep = async (name: FetchedObject["name"], url: string) =>
    describeObject(name, await fetchSource({ name, url, day, store, http, progress, patience }));

  const objects = await Promise.all([keep("cases", env.CASES_URL), keep("recoveries", env.RECOVERIES_URL)]);
  return { objects } satisfies FetchResult;
});
