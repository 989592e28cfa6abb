import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDbLedgerStore } from "../../etl/adapters/dynamodb-ledger-store";
import { S3ObjectStore } from "../../etl/adapters/s3-object-store";
import { SqsOutbox } from "../../etl/adapters/sqs-outbox";
import type { MetadataEnvironment } from "../../etl/pipelines/metadata/environment";
import type { OrdersEnvironment } from "../../etl/pipelines/orders/environment";
import { Emulator } from "../../scripts/cloud/emulator";
import { findCloudProgram } from "../../scripts/cloud/programs";
import { pythonEnvironment } from "../../scripts/cloud/python-environment";
import { LambdaRuntime } from "../support/lambda-runtime";
import { ledgerStoreSuite } from "../support/ledger-store-suite";
import { FILES, MESSAGES } from "../support/orders-files";
import { ordersSuite } from "../support/orders-suite";
import { describeUnless } from "../support/real-data";

const { path: python, missing } = findCloudProgram("python");
const REGION = "eu-central-1";
const CREDENTIALS = { accessKeyId: "emulated", secretAccessKey: "emulated" };
const BUCKET = "incoming";
const PREFIX = "orders 2023+08é/";

describeUnless(python === undefined ? missing.name : undefined, "orders and metadata on the emulated AWS", () => {
  let folder: string;
  let emulator: Emulator;
  let dynamodb: DynamoDBClient;
  let s3: S3Client;
  let sqs: SQSClient;
  let topic: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "millrace-orders-"));
    const requirements = join(__dirname, "../../scripts/cloud/emulator/requirements.txt");
    const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "millrace");
    const environment = await pythonEnvironment(python ?? "", requirements, cache, () => undefined);
    emulator = await Emulator.start({ python: environment, home: join(folder, "lambda") });
    const client = { endpoint: emulator.endpoint, region: REGION, credentials: CREDENTIALS };
    dynamodb = new DynamoDBClient(client);
    s3 = new S3Client({ ...client, forcePathStyle: true });
    sqs = new SQSClient(client);
    const sns = new SNSClient(client);
    topic = (await sns.send(new CreateTopicCommand({ Name: "notifications" }))).TopicArn ?? "";
    sns.destroy();
    await dynamodb.send(
      new CreateTableCommand({
        TableName: "ledger",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: "batch", KeyType: "HASH" },
          { AttributeName: "name", KeyType: "RANGE" },
        ],
        AttributeDefinitions: [
          { AttributeName: "batch", AttributeType: "S" },
          { AttributeName: "name", AttributeType: "S" },
        ],
      }),
    );
    await s3.send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
    );
    await s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: "Enabled" } }));
  }, 300_000);

  afterAll(async () => {
    for (const client of [dynamodb, s3, sqs]) client.destroy();
    await emulator.stop();
    await rm(folder, { recursive: true });
  });

  describe("DynamoDbLedgerStore", () => ledgerStoreSuite(() => new DynamoDbLedgerStore(dynamodb, "ledger")));

  it("knows a write as its own when the answer to it was lost", async () => {
    // Prepare
    const { endpoint } = emulator;
    const client = new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 3 });
    let lost = 0;
    client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        lost += 1;
        if (lost === 1) throw Object.assign(new Error("socket hang up"), { name: "TimeoutError" });
        return answer;
      },
      { step: "deserialize", priority: "low" },
    );
    const store = new DynamoDbLedgerStore(client, "ledger");

    // Act
    const revision = await store.write("lost", "batch", "{}", undefined);

    // Assess
    expect(lost).toBe(2);
    expect(await store.read("lost", "batch")).toEqual({ name: "batch", value: "{}", revision });
    expect(await store.write("lost", "batch", "{}", undefined)).toBeUndefined();
    client.destroy();
  });

  describe("orders, with its ledger in DynamoDB", () => ordersSuite(() => new DynamoDbLedgerStore(dynamodb, "ledger")));

  describe("S3ObjectStore", () => {
    it("opens the version that it was asked about, though a newer one came", async () => {
      // Prepare
      const store = new S3ObjectStore(s3, BUCKET);
      await store.put("a key+ü.csv", "first", "text/csv");
      const first = await store.head("a key+ü.csv");
      await store.put("a key+ü.csv", "second", "text/csv");

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
    it("sends more than ten, and batches that are too large for one call", async () => {
      // Prepare
      const url = await createQueue("outbox.fifo", { MaximumMessageSize: "65536" });
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
      lambda = await LambdaRuntime.prepare();
      queue = await createQueue("messages.fifo");
      for (const kind of ["customers", "orders", "items"] as const) {
        await put(`${PREFIX}${kind}_20230828.csv`, FILES[kind]);
      }
    });

    afterAll(() => lambda.remove());

    it("orders/send: sends the messages, tells what failed, and goes on with the rest", async () => {
      // Prepare
      const keys = ["customers", "orders", "items"].map((kind) => `${PREFIX}${kind}_20230828.csv`);
      const events = [bridgeEvent(keys[0] ?? ""), "poison", notification(keys), bridgeEvent("other.txt"), TEST_EVENT];

      // Act
      const { result, log } = await lambda.invoke("orders/send", sqsEvent(events), variables());

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

    it("metadata/summarize: tells of every object by HEAD, in all records of an event", async () => {
      // Prepare
      const keys = ["up/a file+plus é.txt", "up/gone.txt", "up/no type", "else/where.txt"];
      await put(keys[0] ?? "", "x".repeat(1536), "text/plain; charset=utf-8", { owner: "Ada" });
      await put(keys[2] ?? "", "");
      await put(keys[3] ?? "", "");

      // Act
      const { result, log } = await lambda.invoke("metadata/summarize", sqsEvent([notification(keys)]), variables());

      // Assess
      const summary = {
        bucket: BUCKET,
        key: keys[0],
        version: expect.any(String),
        etag: expect.stringMatching(/^[0-9a-f]{32}$/),
        content_type: "text/plain; charset=utf-8",
        metadata: { owner: "Ada" },
        last_modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        size: 1.5,
      };
      expect(result).toMatchObject({ batchItemFailures: [], summaries: [summary, { key: "up/no type", size: 0 }] });
      expect(log).toContainEqual(expect.objectContaining({ service: "metadata", summary }));
      expect(log).toContainEqual(expect.objectContaining({ content_type: "text/plain", objects: 1 }));
      expect(log).toContainEqual(
        expect.objectContaining({ message: "ignored", key: "up/gone.txt", reason: "gone again" }),
      );
      expect(log).toContainEqual(expect.objectContaining({ message: "ignored", key: "else/where.txt" }));
    });

    it("metadata/summarize: fails on an event of another bucket", async () => {
      // Act
      const other = sqsEvent([bridgeEvent("up/a file+plus é.txt").replace(BUCKET, "other")]);
      const { result } = await lambda.invoke("metadata/summarize", other, variables());

      // Assess
      expect(result).toMatchObject({ batchItemFailures: [{ itemIdentifier: "message-0" }], summaries: [] });
    });

    function variables(): Record<string, string> {
      const environment: OrdersEnvironment & MetadataEnvironment = {
        ...{ BUCKET, LEDGER_TABLE: "ledger", QUEUE_URL: queue, TOPIC_ARN: topic, PREFIX: "up/" },
      };
      const aws = { AWS_REGION: REGION, AWS_ACCESS_KEY_ID: "emulated", AWS_SECRET_ACCESS_KEY: "emulated" };
      return { ...environment, ...aws, AWS_ENDPOINT_URL: emulator.endpoint };
    }

    async function put(key: string, body: string, type?: string, metadata?: Record<string, string>): Promise<void> {
      await s3.send(
        new PutObjectCommand({
          Bucket: BUCKET,
          Key: key,
          Body: Buffer.from(body),
          ContentType: type,
          Metadata: metadata,
        }),
      );
    }
  });

  async function createQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
    const created = new CreateQueueCommand({ QueueName: name, Attributes: { FifoQueue: "true", ...attributes } });
    return (await sqs.send(created)).QueueUrl ?? "";
  }

  async function receiveAll(url: string) {
    const received = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
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

const TEST_EVENT = JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: BUCKET });

function bridgeEvent(key: string): string {
  const detail = { bucket: { name: BUCKET }, object: { key } };
  return JSON.stringify({ source: "aws.s3", "detail-type": "Object Created", detail });
}

/** As S3 sends it: keys URL-encoded, a space as a plus sign. */
function notification(keys: readonly string[]): string {
  const Records = keys.map((key) => ({
    eventSource: "aws:s3",
    eventName: "ObjectCreated:Put",
    s3: {
      bucket: { name: BUCKET },
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
