import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDbLedgerStore } from "../../etl/adapters/aws/dynamodb-ledger-store";
import { SnsNotifier } from "../../etl/adapters/aws/sns-notifier";
import { SqsOutbox } from "../../etl/adapters/aws/sqs-outbox";
import { S3ObjectStore } from "../../etl/adapters/s3/object-store";
import { DEFAULT_CHECKS } from "../../etl/core/watch/feed-checks";
import { ordersEnvironment } from "../../etl/pipelines/orders/environment";
import { systemClock as clock } from "../../etl/pipelines/orders/ledger/lease";
import { OrdersWorker } from "../../etl/pipelines/orders/orders-worker";
import { countsOf } from "../../etl/pipelines/orders/outcome";
import { addCounts } from "../count-metrics";
import { readEnvironment } from "../environment";
import { defineQueueStep, triesOf } from "../queue-step";
import { clientConfig } from "../step";

const env = readEnvironment(ordersEnvironment);
const ports = {
  objects: new S3ObjectStore(new S3Client(clientConfig), env.BUCKET),
  ledger: new DynamoDbLedgerStore(new DynamoDBClient(clientConfig), env.LEDGER_TABLE, env.LEDGER_DAYS),
  outbox: new SqsOutbox(new SQSClient(clientConfig), env.QUEUE_URL),
  notifier: new SnsNotifier(new SNSClient(clientConfig), env.TOPIC_ARN, env.PAGE),
};

const checks = {
  sizeFactor: env.SIZE_FACTOR === undefined ? DEFAULT_CHECKS.sizeFactor : env.SIZE_FACTOR,
  onUnusualSize: env.ON_UNUSUAL_SIZE ?? DEFAULT_CHECKS.onUnusualSize,
};

export const handler = defineQueueStep({ pipeline: "orders", name: "send" }, (records, tools) => {
  const { logger, metrics, remainingMs } = tools;
  const owners = records.map(({ messageId }) => messageId);
  const claim = { owners, until: clock.now() + remainingMs(), clock, checks };
  const worker = new OrdersWorker(ports, claim, {
    onIgnored: (key, reason) => logger.info("ignored", { key, reason }),
    onOutcome: (outcome) => {
      logger.info("batch", { outcome });
      if (outcome.status !== "sent" && outcome.status !== "undone") return;
      const notes = outcome.status === "sent" ? outcome.notes : [];
      for (const warning of [...notes, ...outcome.warnings]) logger.warn(warning, { batch: outcome.batch });
      addCounts(metrics, "messages", countsOf(outcome));
    },
  });
  return { handle: (record) => worker.handle({ body: record.body, tries: triesOf(record) }) };
});
