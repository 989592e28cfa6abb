import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { readLoggedUploads } from "../../etl/adapters/files/logged-uploads";
import { S3ObjectStore } from "../../etl/adapters/s3/object-store";
import { metadataPageEnvironment } from "../../etl/pipelines/metadata/environment";
import { mediaType } from "../../etl/pipelines/metadata/summary";
import { publishIndex, publishPages } from "../../etl/report/bucket/publish-pages";
import { renderMetadataPage } from "../../etl/report/metadata/render-metadata-page";
import { UploadStatistics } from "../../etl/report/metadata/upload-statistics";
import { uploadsState } from "../../etl/report/metadata/uploads-state";
import { readEnvironment } from "../environment";
import { clientConfig, defineStep } from "../step";

/** Time reserved to write the page. */
const WRITE_MS = 15_000;

const env = readEnvironment(metadataPageEnvironment);
const logs = new CloudWatchLogsClient(clientConfig);
const objects = new S3ObjectStore(new S3Client(clientConfig), env.PAGES_BUCKET);

export const handler = defineStep(
  { pipeline: "metadata", name: "render", event: z.object({}) },
  async (_, { remainingMs, logger }) => {
    const now = new Date();
    const uploads = new UploadStatistics();
    const told = readLoggedUploads(logs, env.LOG_GROUP, { now, hasTime: () => remainingMs() > WRITE_MS });
    let next = await told.next();
    for (; next.done !== true; next = await told.next()) {
      const { size, last_modified, content_type } = next.value;
      const type = mediaType({ content_type });
      uploads.add({ type, bytes: Math.round(size * 1024), uploaded: new Date(last_modified) });
    }
    const since = next.value;
    if (since !== undefined) logger.warn("there was not enough time for all uploads", { since });
    const pages = [{ name: "metadata", html: renderMetadataPage(uploads, now, since) }];
    const written = await publishPages(objects, { state: uploadsState(uploads), pages }, now);
    return { written: [...written, await publishIndex(objects, env.PIPELINES, now)] };
  },
);
