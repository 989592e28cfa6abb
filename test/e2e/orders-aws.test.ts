import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDbLedgerStore } from "../../etl/adapters/aws/dynamodb-ledger-store";
import { SqsOutbox } from "../../etl/adapters/aws/sqs-outbox";
import { S3ObjectStore } from "../../etl/adapters/s3/object-store";
import type { MetadataEnvironment } from "../../etl/pipelines/metadata/environment";
import type { OrdersEnvironment } from "../../etl/pipelines/orders/environment";
import { cacheFolder } from "../../scripts/cloud/environment/cache-folder";
import { functionNode } from "../../scripts/cloud/environment/function-node";
import { findCloudProgram } from "../../scripts/cloud/environment/programs";
import { type EmulatedClient, EmulatedOrders, INCOMING } from "../support/cloud/emulated/emulated-orders";
import { LambdaRuntime } from "../support/cloud/emulated/lambda-runtime";
import { FILES, MESSAGES } from "../support/files/orders-files";
import { describeUnless } from "../support/files/real-data";
import { dynamodbLedgerSuite } from "../support/suites/orders/dynamodb-ledger-suite";
import { ledgerStoreSuite } from "../support/suites/orders/ledger-store-suite";
import { ordersSuite } from "../support/suites/orders/orders-suite";

const { path: python, missing } = findCloudProgram("python");
const PREFIX = "orders 2023+08é/";

describeUnless(python === undefined ? missing.name : undefined, "orders and metadata on the emulated AWS", () => {
  let aws: EmulatedOrders;
  /** Of the roles that the functions have. */
  let sender: EmulatedClient;
  let summarizer: EmulatedClient;
  let dynamodb: DynamoDBClient;
  let s3: S3Client;
  let sqs: SQSClient;

  beforeAll(async () => {
    aws = await EmulatedOrders.start(python ?? "");
    sender = await aws.clientOf("orders", "send");
    summarizer = await aws.clientOf("metadata", "summarize");
    dynamodb = new DynamoDBClient(sender);
    s3 = new S3Client(sender);
    sqs = new SQSClient(sender);
  }, 300_000);

  afterAll(async () => {
    for (const client of [dynamodb, s3, sqs]) client?.destroy();
    await aws?.stop();
  });

  describe("DynamoDbLedgerStore", () => ledgerStoreSuite(() => new DynamoDbLedgerStore(dynamodb, aws.table)));

  describe("the ledger in DynamoDB", () =>
    dynamodbLedgerSuite(() => ({ table: aws.table, administrator: aws.administrator, sender })));

  describe("orders, with its ledger in DynamoDB", () =>
    ordersSuite(() => new DynamoDbLedgerStore(dynamodb, aws.table)));

  describe("S3ObjectStore", () => {
    test("opens the version that it was asked about, though a newer one came", async () => {
      // Prepare
      const store = new S3ObjectStore(s3, INCOMING);
      await store.put("messages/a key+ü.csv", "first", "text/csv");
      const first = await store.head("messages/a key+ü.csv");
      await store.put("messages/a key+ü.csv", "second", "text/csv");

      // Act
      const bytes = first === undefined ? [] : await store.open(first);

      // Assess
      let text = "";
      for await (const chunk of bytes) text += Buffer.from(chunk).toString();
      expect(text).toBe("first");
      expect(first).toMatchObject({ bytes: 5, contentType: "text/csv", etag: "8b04d5e3775d298e78455efc5ca404d5" });
      expect(await store.head("missing")).toBeUndefined();
    });
  });

  describe("SqsOutbox", () => {
    test("sends more than ten, and batches that are too large for one call", async () => {
      // Prepare
      const url = await aws.createQueue({ MaximumMessageSize: "65536" });
      const outbox = new SqsOutbox(sqs, url);
      const messages = Array.from({ length: 25 }, (_, at) => ({
        body: String(at).padEnd(30_000, "x"),
        group: String(at),
        deduplication: String(at),
        attributes: { batch: "é/20230828", version: 1 },
      }));

      // Act
      await outbox.send(messages);
      await outbox.send(messages.slice(0, 5));

      // Assess
      const received = await receiveAll(url);
      expect(await outbox.maxBytes()).toBe(65_536);
      expect(received.map(({ Body }) => Body).sort()).toEqual(messages.map(({ body }) => body).sort());
      expect(received[0]?.MessageAttributes?.version).toMatchObject({ DataType: "Number", StringValue: "1" });
    });
  });

  describe("the built handlers", () => {
    let lambda: LambdaRuntime;
    let queue: string;

    beforeAll(async () => {
      lambda = await LambdaRuntime.prepare(await functionNode(cacheFolder(), console.error));
      queue = await aws.createQueue();
      for (const kind of ["customers", "orders", "items"] as const) {
        await put(`${PREFIX}${kind}_20230828.csv`, FILES[kind]);
      }
    });

    afterAll(() => lambda.remove());

    test("orders/send: sends the messages, names the failed ones, and continues with the rest", async () => {
      // Prepare
      const keys = ["customers", "orders", "items"].map((kind) => `${PREFIX}${kind}_20230828.csv`);
      const events = [bridgeEvent(keys[0] ?? ""), "poison", notification(keys), bridgeEvent("other.txt"), TEST_EVENT];

      // Act
      const { result, log } = await lambda.invoke("orders/send", sqsEvent(events), variables(sender));

      // Assess
      expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: "message-1" }] });
      const received = await receiveAll(queue);
      expect(received.map(({ Body }) => Body).sort()).toEqual(MESSAGES);
      expect(received[0]).toMatchObject({
        Attributes: { MessageGroupId: expect.stringMatching(/^[123]$/) },
        MessageAttributes: {
          batch: { StringValue: `${PREFIX}20230828` },
          version: { StringValue: "1" },
          schema_version: { StringValue: "1" },
        },
      });
      expect(log).toContainEqual(
        expect.objectContaining({ message: "batch", outcome: expect.objectContaining({ first: 3 }) }),
      );
      expect(log).toContainEqual(expect.objectContaining({ message: "ignored", key: "other.txt" }));
      expect(log).toContainEqual(
        expect.objectContaining({ service: "orders", first: 3, rejected: 0, _aws: expect.anything() }),
      );
    });

    test("metadata/summarize: tells of every object by HEAD, in all records of an event", async () => {
      // Prepare
      const keys = ["uploads/a file+plus é.txt", "uploads/gone.txt", "uploads/no type", "else/where.txt"];
      await put(keys[0] ?? "", "x".repeat(1536), "text/plain; charset=utf-8", { owner: "Ada" });
      await put(keys[2] ?? "", "");
      await put(keys[3] ?? "", "");

      // Act
      const { result, log } = await lambda.invoke(
        "metadata/summarize",
        sqsEvent([notification(keys)]),
        variables(summarizer),
      );

      // Assess
      const summary = {
        bucket: INCOMING,
        key: keys[0],
        version: expect.any(String),
        etag: expect.stringMatching(/^[0-9a-f]{32}$/),
        content_type: "text/plain; charset=utf-8",
        metadata: { owner: "Ada" },
        last_modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        size: 1.5,
      };
      expect(result).toMatchObject({
        batchItemFailures: [],
        summaries: [summary, { key: "uploads/no type", size: 0 }],
      });
      expect(log).toContainEqual(expect.objectContaining({ service: "metadata", summary }));
      expect(log).toContainEqual(expect.objectContaining({ content_type: "text/plain", objects: 1 }));
      expect(log).toContainEqual(
        expect.objectContaining({ message: "ignored", key: "uploads/gone.txt", reason: "gone again" }),
      );
      expect(log).toContainEqual(expect.objectContaining({ message: "ignored", key: "else/where.txt" }));
    });

    test("metadata/summarize: fails on an event of another bucket", async () => {
      // Act
      const other = sqsEvent([bridgeEvent("uploads/a file+plus é.txt").replace(INCOMING, "other")]);
      const { result } = await lambda.invoke("metadata/summarize", other, variables(summarizer));

      // Assess
      expect(result).toMatchObject({ batchItemFailures: [{ itemIdentifier: "message-0" }], summaries: [] });
    });

    function variables({ credentials, endpoint, region }: EmulatedClient): Record<string, string> {
      const environment: OrdersEnvironment & MetadataEnvironment = {
        ...{ BUCKET: INCOMING, LEDGER_TABLE: aws.table, QUEUE_URL: queue, TOPIC_ARN: aws.topic, PREFIX: "uploads/" },
      };
      const { accessKeyId, secretAccessKey, sessionToken = "" } = credentials;
      const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
      return {
        ...environment,
        ...keys,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_REGION: region,
        AWS_ENDPOINT_URL: endpoint,
      };
    }

    async function put(key: string, body: string, type?: string, metadata?: Record<string, string>): Promise<void> {
      await new S3Client(aws.administrator).send(
        new PutObjectCommand({
          Bucket: INCOMING,
          Key: key,
          Body: Buffer.from(body),
          ContentType: type,
          Metadata: metadata,
        }),
      );
    }
  });

  async function receiveAll(url: string) {
    const received = [];
    const consumer = new SQSClient(aws.administrator);
    for (;;) {
      const { Messages = [] } = await consumer.send(
        new ReceiveMessageCommand({
          ...{ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 600 },
          ...{ MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"] },
        }),
      );
      if (Messages.length === 0) return received;
      received.push(...Messages);
    }
  }
});

const TEST_EVENT = JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: INCOMING });

function bridgeEvent(key: string): string {
  const detail = { bucket: { name: INCOMING }, object: { key } };
  return JSON.stringify({ source: "aws.s3", "detail-type": "Object Created", detail });
}

/** As S3 sends it: keys URL-encoded, a space as a plus sign. */
function notification(keys: readonly string[]): string {
  const Records = keys.map((key) => ({
    eventSource: "aws:s3",
    eventName: "ObjectCreated:Put",
    s3: {
      bucket: { name: INCOMING },
      object: { key: encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/") },
    },
  }));
  return JSON.stringify({ Records });
}

function sqsEvent(bodies: readonly string[]) {
  return {
    Records: bodies.map((body, at) => ({
      messageId: `message-${at}`,
      receiptHandle: "handle",
      body,
      attributes: { ApproximateReceiveCount: "1" },
      messageAttributes: {},
      eventSource: "aws:sqs",
    })),
  };
}
