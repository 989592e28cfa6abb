import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Cloud } from "../../scripts/cloud/cloud";
import { buildLayer } from "../../scripts/deliver/build/layer";
import { cloudMissing, startCloud } from "../support/cloud/cloud";
import { EmulatedLambda } from "../support/cloud/emulated/emulated-lambda";
import { file } from "../support/feeds/feed-answers";
import { type FeedServer, startFeedServer } from "../support/feeds/feed-server";
import { describeUnless } from "../support/files/real-data";

const MINUTES = 60_000;
const root = resolve(__dirname, "../..");

describeUnless(cloudMissing, "the emulated AWS runs deployed code as Lambda does", () => {
  let cloud: Cloud;
  let lambda: EmulatedLambda;

  beforeAll(async () => {
    ({ cloud } = await startCloud());
    lambda = new EmulatedLambda(cloud);
  }, 5 * MINUTES);

  afterAll(() => cloud?.stop());

  test("a process stays warm between invocations, until the code changes", async () => {
    // Prepare
    const code = "let calls = 0; export const handler = async () => ({ calls: ++calls, who: process.env.WHO });";
    await lambda.create("warm", code, { variables: { WHO: "me" } });

    // Act
    const first = await lambda.invoke("warm");
    const second = await lambda.invoke("warm");
    await lambda.update("warm", code.replace("++calls", "--calls"));
    const updated = await lambda.invoke("warm");

    // Assess
    expect([first, second, updated].map(({ payload }) => payload)).toEqual([
      { calls: 1, who: "me" },
      { calls: 2, who: "me" },
      { calls: -1, who: "me" },
    ]);
  });

  test("an error comes back by its name, with its trace", async () => {
    // Prepare
    await lambda.create("throwing", 'export const handler = async () => { throw new RangeError("too far"); };');

    // Act
    const { error, payload } = await lambda.invoke("throwing");

    // Assess
    expect(error).toBe("Unhandled");
    expect(payload).toMatchObject({ errorType: "RangeError", errorMessage: "too far" });
    expect(payload).toMatchObject({ trace: expect.arrayContaining([expect.stringContaining("index.mjs")]) });
  });

  test.each([
    [
      "its time is up",
      "await new Promise((r) => setTimeout(r, 9e3))",
      "Sandbox.Timedout",
      "timed out after 1.00 seconds",
    ],
    [
      "its memory is full",
      "const a = []; for (;;) a.push(Buffer.alloc(2 ** 20, 1))",
      "Runtime.ExitError",
      "signal: killed",
    ],
    ["it ends itself", "process.exit(3)", "Runtime.ExitError", "exit status 3"],
  ])("a function is ended when %s, and starts again", async (title, statement, errorType, message) => {
    // Prepare
    const name = title.replaceAll(" ", "-");
    const code = `let calls = 0; export const handler = async ({ end }) => { calls += 1; if (end) { ${statement} } return calls; };`;
    await lambda.create(name, code, { timeout: 1, memory: 192 });
    await lambda.invoke(name);

    // Act
    const ended = await lambda.invoke(name, { end: true });
    const restarted = await lambda.invoke(name);

    // Assess
    expect(ended.payload).toEqual({ errorType, errorMessage: expect.stringContaining(message) });
    expect(restarted.payload).toBe(1);
  });

  test("no more run at the same time than are reserved", async () => {
    // Prepare
    await lambda.create("reserved", "export const handler = () => new Promise((r) => setTimeout(r, 1000));");
    await lambda.reserve("reserved", 1);

    // Act
    const statuses = await Promise.all([lambda.invoke("reserved"), lambda.invoke("reserved")]);

    // Assess
    expect(statuses.map(({ status }) => status).sort()).toEqual([200, 429]);
  });

  test("a failed message of a batch comes again and ends in the dead-letter queue; the others are done", async () => {
    // Prepare
    const code = `export const handler = async ({ Records }) => ({
      batchItemFailures: Records.filter(({ body }) => body === "bad").map(({ messageId }) => ({ itemIdentifier: messageId })),
    });`;
    await lambda.create("worker", code);
    const dead = await createQueue("dead");
    const redrive = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
    const queue = await createQueue("work", { RedrivePolicy: redrive, VisibilityTimeout: "60" });
    await lambda.pollQueue("worker", queue.arn);

    // Act
    const sqs = new SQSClient(cloud.client);
    for (const MessageBody of ["good", "bad", "good"]) {
      await sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody }));
    }
    await wait(5000);

    // Assess
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: dead.url, MaxNumberOfMessages: 10 }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(["bad"]);
    expect((await attributesOf(queue.url)).ApproximateNumberOfMessages).toBe("0");
  });

  test("a bucket's policy is heard with its conditions", async () => {
    // Prepare
    const s3 = new S3Client(cloud.client);
    const Resource = "arn:aws:s3:::conditions/*";
    const deny = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource };
    const Statement = [
      { ...deny, Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { ...deny, Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } } },
    ];
    await s3.send(
      new CreateBucketCommand({
        Bucket: "conditions",
        CreateBucketConfiguration: { LocationConstraint: "eu-central-1" },
      }),
    );
    await s3.send(
      new PutBucketPolicyCommand({
        Bucket: "conditions",
        Policy: JSON.stringify({ Version: "2012-10-17", Statement }),
      }),
    );

    // Act
    const object = { Bucket: "conditions", Key: "a", Body: "b" };
    await s3.send(new PutObjectCommand({ ...object, ServerSideEncryption: "aws:kms" }));
    const plain = s3.send(new PutObjectCommand({ ...object, ServerSideEncryption: "AES256" }));

    // Assess
    await expect(plain).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  test("a call that an SDK sends again, because its connection broke, is carried out once", async () => {
    // Prepare
    const create = (QueueName: string, attempt: number) =>
      fetch(cloud.endpoint, {
        method: "POST",
        headers: {
          authorization: "AWS4-HMAC-SHA256 Credential=emulated/20260101/eu-central-1/sqs/aws4_request",
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": "AmazonSQS.CreateQueue",
          "amz-sdk-invocation-id": "8c0b5c3e-4d0f-4b8c-9a59-f00000000001",
          "amz-sdk-request": `attempt=${attempt}; max=3`,
        },
        body: JSON.stringify({ QueueName }),
      }).then((response) => response.json());

    // Act
    const first = await create("sent-once", 1);
    const again = await create("sent-twice", 2);

    // Assess
    expect(first).toMatchObject({ QueueUrl: expect.stringContaining("sent-once") });
    expect(again).toEqual(first);
  });

  describe("with a network", () => {
    const connect = `
      import pg from "pg";
      export const handler = async ({ host }) => {
        const client = new pg.Client({ host, user: "nobody", password: "wrong", database: "postgres", ssl: { ca: "" } });
        return client.connect().then(() => "connected", ({ code, message }) => code ?? message);
      };`;
    const get =
      "export const handler = async ({ url }) => fetch(url).then(({ status }) => status, ({ cause }) => cause.code);";
    let folder: string;
    let feed: FeedServer;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "millrace-layer-"));
      feed = await startFeedServer();
      feed.serve("/feed.csv", file("a,b\n"));
      const { path } = await buildLayer(root, folder);
      const layer = await lambda.publishLayer("runtime", await readFile(path));
      await lambda.create("connect", connect, { layers: [layer], vpc: true, timeout: 10 });
      await lambda.create("get-inside", get, { vpc: true });
      await lambda.create("get-outside", get);
    }, MINUTES);

    afterAll(async () => {
      await feed.close();
      await rm(folder, { recursive: true });
    });

    test("an RDS endpoint is the local PostgreSQL, by a certificate of its name; another name is refused", async () => {
      // Act
      const named = await lambda.invoke("connect", { host: "any.aaaaaaaaaa.eu-central-1.rds.amazonaws.com" });
      const other = await lambda.invoke("connect", { host: "any.bbbbbbbbbb.eu-central-1.rds.amazonaws.com" });

      // Assess: 28P01, because TLS held and PostgreSQL was asked for the login.
      expect([named.payload, other.payload]).toEqual(["28P01", "ERR_TLS_CERT_ALTNAME_INVALID"]);
    });

    test("a function in a VPC has no way out, one outside has", async () => {
      // Act
      const inside = await lambda.invoke("get-inside", { url: feed.url("/feed.csv") });
      const outside = await lambda.invoke("get-outside", { url: feed.url("/feed.csv") });

      // Assess
      expect([inside.payload, outside.payload]).toEqual(["ETIMEDOUT", 200]);
    });
  });

  async function createQueue(QueueName: string, Attributes: Readonly<Record<string, string>> = {}) {
    const sqs = new SQSClient(cloud.client);
    const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { ...Attributes } }));
    return { url, arn: (await attributesOf(url)).QueueArn ?? "" };
  }

  async function attributesOf(QueueUrl: string) {
    const sqs = new SQSClient(cloud.client);
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    return Attributes;
  }
});
