import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDbLedgerStore } from "../../etl/adapters/aws/dynamodb-ledger-store";
import { AWS_PATIENCE } from "../../etl/adapters/aws/patience";
import { SnsNotifier } from "../../etl/adapters/aws/sns-notifier";
import { SqsOutbox } from "../../etl/adapters/aws/sqs-outbox";
import { readBody } from "../../etl/adapters/s3/body";
import { S3ObjectStore } from "../../etl/adapters/s3/object-store";
import { S3RangedObjects } from "../../etl/adapters/s3/ranged-objects";
import { sendSpooled } from "../../etl/adapters/s3/send";
import { withSpooled } from "../../etl/adapters/s3/spool";
import { CannedAws, OBJECT } from "../support/fakes/canned-aws";
import { type FaultMode, type FaultTrigger, FaultyProxy } from "../support/feeds/faulty-proxy";

type Client = ReturnType<typeof configOf>;

const configOf = (endpoint: string, maxAttempts: number) => ({
  // As handlers and commands have it, but quicker.
  ...AWS_PATIENCE,
  requestHandler: { ...AWS_PATIENCE.requestHandler, requestTimeout: 250 },
  endpoint,
  maxAttempts,
  region: "eu-central-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  forcePathStyle: true,
});
const s3 = (config: Client) => new S3Client(config);
const one = { key: "a.csv", etag: "1" };
const message = { body: "{}", group: "a", deduplication: "a", attributes: {} };

const notification = { pipeline: "orders", runId: "1", status: "failed", subject: "a", text: "a" } as const;

/** Each service by what the pipelines ask of it. */
const CALLS: Readonly<Record<string, (config: Client) => Promise<unknown>>> = {
  "metadata: HEAD of an object": (config) => new S3ObjectStore(s3(config), "b").head("a.csv"),
  "orders: an object is put": (config) => new S3ObjectStore(s3(config), "b").put("a.csv", "a", "text/csv"),
  "orders: the ledger is read": (config) => new DynamoDbLedgerStore(new DynamoDBClient(config), "t").read("b", "n"),
  "orders: messages are sent": (config) => new SqsOutbox(new SQSClient(config), "http://q/q").send([message]),
  "orders: a notification": (config) => new SnsNotifier(new SNSClient(config), "t").notify(notification),
  "import: objects are listed": async (config) => {
    for await (const page of new S3RangedObjects(s3(config), "b", "p").list()) if (page.length !== 1) throw Error();
  },
  "import: a range is read": async (config) => readRange(config),
};

async function readRange(config: Client): Promise<string> {
  const body = await new S3RangedObjects(s3(config), "b", "p").openRange(one, 0, OBJECT.length);
  return text(Readable.from(body));
}

const STAGES: readonly (readonly [string, FaultTrigger])[] = [
  ["at the request", { side: "client", pattern: /HTTP\/1\.1\r\n/ }],
  ["before the answer", { side: "server", pattern: /^HTTP/ }],
];
const MODES: readonly (readonly [FaultMode, RegExp])[] = [
  ["swallow", /TimeoutError: .*exceeded the configured 250 ms/],
  ["cut", /ECONNRESET|socket hang up/],
  ["half-close", /ECONNRESET|socket hang up/],
];
const CASES = Object.keys(CALLS).flatMap((call) =>
  STAGES.flatMap(([stage, when]) => MODES.map(([mode, reason]) => [mode, stage, call, { when, reason }] as const)),
);

describe("an AWS service that becomes silent or unreachable", () => {
  let aws: CannedAws;
  let proxy: FaultyProxy;
  let endpoint: string;

  beforeAll(async () => {
    aws = await CannedAws.start();
    proxy = await FaultyProxy.start(aws.port);
    endpoint = proxy.url(`http://127.0.0.1:${aws.port}`);
  });
  afterAll(async () => {
    await proxy.close();
    await aws.stop();
  });

  test.each(CASES)("%s %s ends with a reason, and is tried again: %s", async (mode, _, name, { when, reason }) => {
    const call = CALLS[name] ?? fail;

    void proxy.arm({ mode, when });
    const alone = call(configOf(endpoint, 1));
    await expect(alone.catch(String)).resolves.toMatch(reason);
    void proxy.arm({ mode, when });
    const again = call(configOf(endpoint, 3));

    await again;
    proxy.heal();
  });

  test.each(Object.entries(CALLS))("a delay is waited for: %s", async (_, call) => {
    const [[, when]] = STAGES as [(typeof STAGES)[number]];

    const struck = proxy.arm({ mode: "delay", delayMs: 30, when });
    await call(configOf(endpoint, 1));

    await struck;
  });

  test.each([
    ["cut", /ECONNRESET|aborted/],
    ["half-close", /ECONNRESET|aborted/],
  ] as const)("%s within a body is told, to be read again", async (mode, reason) => {
    void proxy.arm({ mode, when: { side: "server", bytes: 100_000 } });

    await expect(readRange(configOf(endpoint, 1))).rejects.toThrow(/^The object broke off while it was read: got/);
    void proxy.arm({ mode, when: { side: "server", bytes: 100_000 } });
    await expect(readRange(configOf(endpoint, 1))).rejects.toThrow(reason);
    proxy.heal();
  });

  test.each(MODES)("%s under a file that is sent: it is sent again", async (mode) => {
    const object = { Bucket: "b", Key: "a.csv" };

    const struck = proxy.arm({ mode, when: { side: "client", bytes: 60_000 } });
    await withSpooled(Readable.from([Buffer.from(OBJECT)]), (file) =>
      sendSpooled(s3(configOf(endpoint, 1)), object, file, 100),
    );

    await struck;
    proxy.heal();
  });

  test("silence within a body is reported after a while, and its connection is closed", async () => {
    // Prepare
    void proxy.arm({ mode: "swallow", when: { side: "server", bytes: 100_000 } });
    const command = new GetObjectCommand({ Bucket: "b", Key: "a.csv", Range: `bytes=0-${OBJECT.length - 1}` });
    const { Body } = await s3(configOf(endpoint, 1)).send(command);

    // Act
    const reading = text(Readable.from(readBody(Body as Readable, OBJECT.length, "s3://b/a.csv", 50)));

    // Assess
    await expect(reading).rejects.toThrow(/broke off while it was read: got nothing came for 0.05 s, after \d+ bytes/);
    expect((Body as Readable).destroyed).toBe(true);
    proxy.heal();
  });

  test("a reader may take as long as it wants", async () => {
    const slow = readBody(Readable.from([Buffer.from("a"), Buffer.from("b")]), 2, "s3://b/a.csv", 20);

    let read = "";
    for await (const piece of slow) {
      await sleep(60);
      read += piece;
    }

    expect(read).toBe("ab");
  });
});
