import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { S3Client } from "@aws-sdk/client-s3";
import { S3ObjectStore } from "../../etl/adapters/s3/object-store";
import { metadataEnvironment } from "../../etl/pipelines/metadata/environment";
import { mediaType, type ObjectSummary, summariseEvent } from "../../etl/pipelines/metadata/summary";
import { readEnvironment } from "../environment";
import { defineQueueStep } from "../queue-step";
import { clientConfig } from "../step";

const env = readEnvironment(metadataEnvironment);
const objects = new S3ObjectStore(new S3Client(clientConfig), env.BUCKET);

export const handler = defineQueueStep({ pipeline: "metadata", name: "summarize" }, (_, { logger, metrics }) => {
  const summaries: ObjectSummary[] = [];
  const onIgnored = (key: string, reason: string) => logger.info("ignored", { key, reason });
  return {
    handle: async ({ body }) => {
      for (const summary of await summariseEvent(body, objects, env.PREFIX, onIgnored)) {
        summaries.push(summary);
        logger.info("object", { summary });
        metrics
          .singleMetric()
          .addDimension("content_type", mediaType(summary))
          .addMetric("objects", MetricUnit.Count, 1);
      }
    },
    result: () => ({ summaries }),
  };
});
