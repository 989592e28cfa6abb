import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { S3Client } from "@aws-sdk/client-s3";
import { readAddress } from "../../etl/adapters/aws/secret-address";
import { HttpClient } from "../../etl/adapters/http/client";
import { S3RawStore } from "../../etl/adapters/s3/raw-store";
import { type AddressOfRun, addressesOfRun } from "../../etl/core/fetch/date-in-address";
import { fetchSource } from "../../etl/core/fetch/fetch";
import { fetchEnvironment } from "../../etl/pipelines/covid/environment";
import { describeObject, type FetchedObject, type FetchResult, fetchEvent } from "../../etl/pipelines/covid/events";
import { readEnvironment } from "../environment";
import { logProgress } from "../log-ports";
import { clientConfig, defineStep } from "../step";

/** Both bodies go through /tmp, which has 512 MB. */
const MAX_BYTES = 200 * 2 ** 20;
/** Time reserved to report a download that failed. */
const REPORT_MS = 10_000;

const env = readEnvironment(fetchEnvironment);
const store = new S3RawStore({ client: new S3Client(clientConfig), bucket: env.RAW_BUCKET, pipeline: "covid" });
const http = new HttpClient({ maxBytes: MAX_BYTES });
const secrets = new SecretsProvider({ clientConfig });

export const handler = defineStep({ pipeline: "covid", name: "fetch", event: fetchEvent }, async ({ asked }, tools) => {
  const progress = logProgress(tools.logger);
  const patience = { totalTimeoutMs: tools.remainingMs() - REPORT_MS };
  const keep = async (name: FetchedObject["name"], address: AddressOfRun) =>
    describeObject(name, await fetchSource({ name, ...address, store, http, progress, patience }));
  // Both before any download, so that an invalid address in a secret fails first.
  const cases = env.CASES_URL ?? (await readAddress(secrets, env.CASES_SECRET_ARN, "cases"));
  const recoveries = env.RECOVERIES_URL ?? (await readAddress(secrets, env.RECOVERIES_SECRET_ARN, "recoveries"));
  const of = addressesOfRun({ cases, recoveries }, asked?.date);

  const objects = await Promise.all([keep("cases", of.cases), keep("recoveries", of.recoveries)]);
  return { objects } satisfies FetchResult;
});
