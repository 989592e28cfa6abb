import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { scanWholeLedger } from "../../etl/adapters/aws/dynamodb-ledger-scan";
import { S3ObjectStore } from "../../etl/adapters/s3/object-store";
import { overviewBatches } from "../../etl/pipelines/orders/batch-overview";
import { ordersPageEnvironment } from "../../etl/pipelines/orders/environment";
import { rejectedKey } from "../../etl/pipelines/orders/messages/rejected-report";
import { publishIndex, publishPages, readText } from "../../etl/report/bucket/publish-pages";
import { ordersState } from "../../etl/report/orders/orders-state";
import { readRejections } from "../../etl/report/orders/read-rejections";
import { renderOrdersPage } from "../../etl/report/orders/render-orders-page";
import { readEnvironment } from "../environment";
import { clientConfig, defineStep } from "../step";

const env = readEnvironment(ordersPageEnvironment);
const dynamodb = new DynamoDBClient(clientConfig);
const s3 = new S3Client(clientConfig);
const incoming = new S3ObjectStore(s3, env.BUCKET);
const objects = new S3ObjectStore(s3, env.PAGES_BUCKET);

export const handler = defineStep({ pipeline: "orders", name: "render", event: z.object({}) }, async () => {
  const now = new Date();
  const batches = await overviewBatches(scanWholeLedger(dynamodb, env.LEDGER_TABLE));
  const rejections = await readRejections(batches, async ({ batch }) => {
    return (await readText(incoming, rejectedKey(batch, "rows.csv"))) ?? "";
  });
  const pages = [{ name: "orders", html: renderOrdersPage({ generated: now, batches, rejections }) }];
  const written = await publishPages(objects, { state: ordersState(batches), pages }, now);
  return { written: [...written, await publishIndex(objects, env.PIPELINES, now)] };
});
