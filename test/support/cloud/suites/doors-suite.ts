import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Overrides } from "../../../../config/overrides";
import type { Cloud } from "../../../../scripts/cloud/cloud";
import type { Deployment } from "../../../../scripts/cloud/deployment";
import { FILES, MESSAGES } from "../../files/orders-files";
import { callCloud } from "../call-cloud";
import { runOps } from "../cloud";
import type { EmulatedFeeds } from "../emulated/emulated-feeds";
import { ACCOUNT, EmulatedRoles, type RoleSettings, type Session } from "../roles/emulated-roles";
import type { OrdersConsumer } from "./orders-consumer";

/** Accounts of others: of a role that is a partner, of a partner that is the account, of a consumer, of nobody. */
const [ROLES, WHOLE, CONSUMERS, NOBODYS] = ["222222222222", "333333333333", "444444444444", "555555555555"] as const;
const roleArn = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
/** What somebody's own account lets him do everywhere: whatever is refused is refused by what he comes to. */
const anything: RoleSettings = { allowed: [{ Action: "*", Resource: "*" }], session: "attack-door" };

export const doors: Overrides = {
  pipelines: {
    orders: {
      partners: [
        { name: "acme", principalArn: roleArn(ROLES, "attack-partner"), prefix: "acme/" },
        { name: "neighbour", principalArn: roleArn(ACCOUNT, "attack-neighbour"), prefix: "neighbour/" },
        { name: "whole", principalArn: `arn:aws:iam::${WHOLE}:root`, prefix: "whole/" },
        { name: "bylink", prefix: "by link's/" },
      ],
      consumers: [{ principalArn: roleArn(CONSUMERS, "attack-consumer") }],
    },
    metadata: {
      partners: [{ name: "acme", principalArn: roleArn(ROLES, "attack-uploader"), prefix: "uploads/acme/" }],
    },
  },
};

export interface DoorsWorld {
  readonly cloud: Cloud;
  readonly deployment: Deployment;
  readonly feeds: EmulatedFeeds;
  readonly consumer: OrdersConsumer;
}

interface Clients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly credentials: Session;
}

const KINDS = ["customers", "orders", "items"] as const;
const REFUSED = /is not authorized to perform/;

/** Who comes from outside, to a deployment with {@link doors}. */
export function doorsSuite(world: () => DoorsWorld): void {
  test("come by a partner of another account, in parts, too, and he may do nothing else", async () => {
    // Prepare
    const { feeds, consumer } = world();
    const partner = await clientsOf("attack-partner", { ...anything, account: ROLES });
    const { s3, sqs } = partner;
    const Bucket = feeds.bucket;

    // Act
    for (const kind of KINDS) await putInParts(s3, `acme/${kind}_20230828.csv`, FILES[kind]);
    await feeds.settle();

    // Assess
    expect((await consumer.received()).map(({ batch, body }) => `${batch} ${body}`).sort()).toEqual(
      MESSAGES.map((message) => `acme/20230828 ${message}`),
    );
    const put = (Key: string, more = {}) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", ...more }));
    await expect(put("acme/a", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: await keyOf() })).resolves.toBeDefined();
    await refuses({
      "a prefix that begins so": () => put("acme2/a"),
      "another partner's": () => put("neighbour/a"),
      "another pipeline's": () => put("uploads/acme/a"),
      "what orders writes": () => put("messages/acme/20230828/a.json"),
      "the top": () => put("orders_20230828.csv"),
      "another encryption": () => put("acme/a", { ServerSideEncryption: "AES256" }),
      "AWS's own key": () => put("acme/a", { ServerSideEncryption: "aws:kms" }),
      tags: () => put("acme/a", { Tagging: "a=b" }),
      "tags later": () =>
        s3.send(
          new PutObjectTaggingCommand({ Bucket, Key: "acme/a", Tagging: { TagSet: [{ Key: "a", Value: "b" }] } }),
        ),
      "what he put": () => s3.send(new GetObjectCommand({ Bucket, Key: "acme/a" })),
      "a list": () => s3.send(new ListObjectsV2Command({ Bucket, Prefix: "acme/" })),
      "a list of versions": () => s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: "acme/" })),
      "a deletion": () => s3.send(new DeleteObjectCommand({ Bucket, Key: "acme/a" })),
      "another bucket": () =>
        s3.send(new PutObjectCommand({ Bucket: Bucket.replace("incoming", "raw"), Key: "acme/a", Body: "x" })),
      messages: () => sqs.send(new ReceiveMessageCommand({ QueueUrl: queue("orders-outgoing.fifo") })),
      events: () => sqs.send(new SendMessageCommand({ QueueUrl: queue("orders-files"), MessageBody: "{}" })),
      "the key": () => generateKey(partner),
    });
  });

  test("come by a role of the own account that has no policy, and by a role that a partner's account lets", async () => {
    // Prepare
    const { feeds } = world();
    const [neighbour, lets, lacks, nobody] = await Promise.all([
      clientsOf("attack-neighbour", { session: "attack-door" }),
      clientsOf("attack-lets", { ...anything, account: WHOLE }),
      clientsOf("attack-lacks", { session: "attack-door", account: WHOLE }),
      clientsOf("attack-nobody", { ...anything, account: NOBODYS }),
    ]);
    const put = ({ s3 }: Clients, prefix: string) =>
      s3.send(new PutObjectCommand({ Bucket: feeds.bucket, Key: `${prefix}notes.txt`, Body: "x" }));

    // Act
    await put(neighbour, "neighbour/");
    await put(lets, "whole/");

    // Assess
    await refuses({
      "a neighbour's other prefix": () => put(neighbour, "whole/"),
      "the other way": () => put(lets, "neighbour/"),
      "a role that its account does not let": () => put(lacks, "whole/"),
      "somebody else": () => put(nobody, "acme/"),
      "who has links only": () => put(nobody, "by link's/"),
      "a consumer's place": () =>
        nobody.sqs.send(new ReceiveMessageCommand({ QueueUrl: queue("orders-outgoing.fifo") })),
    });
    await feeds.settle();
  });

  test("that a partner of metadata sends are none of orders', whatever they are called", async () => {
    // Prepare
    const { feeds, consumer } = world();
    const { s3 } = await clientsOf("attack-uploader", { ...anything, account: ROLES });

    // Act
    for (const kind of KINDS) {
      const Key = `uploads/acme/${kind}_20230828.csv`;
      await s3.send(new PutObjectCommand({ Bucket: feeds.bucket, Key, Body: FILES[kind] }));
    }
    await feeds.settle();

    // Assess
    expect(await consumer.received()).toEqual([]);
    await refuses({
      "orders' prefix": () => s3.send(new PutObjectCommand({ Bucket: feeds.bucket, Key: "acme/a", Body: "x" })),
    });
  });

  test("make messages that a consumer takes, with those that lie in the bucket, and he may do nothing else", async () => {
    // Prepare
    const { feeds } = world();
    const taker = await clientsOf("attack-consumer", { ...anything, account: CONSUMERS });
    const { s3, sqs } = taker;
    const [Bucket, QueueUrl] = [feeds.bucket, queue("orders-outgoing.fifo")];
    await feeds.upload("messages/taken/20230828/a.json", '{"id":"1"}');
    for (const kind of KINDS) await feeds.upload(`taken/${kind}_20230828.csv`, FILES[kind]);
    await feeds.settle();

    // Act
    const { QueueUrl: found } = await sqs.send(
      new GetQueueUrlCommand({ QueueName: "millrace-dev-orders-outgoing.fifo", QueueOwnerAWSAccountId: ACCOUNT }),
    );
    const bodies: string[] = [];
    for (let empty = false; !empty; ) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      for (const { Body = "", ReceiptHandle } of Messages) {
        bodies.push(Body);
        await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 60 }));
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      empty = Messages.length === 0;
    }
    const read = (Key: string) => s3.send(new GetObjectCommand({ Bucket, Key }));
    const { Body } = await read("messages/taken/20230828/a.json");
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));

    // Assess
    expect(found).toContain("orders-outgoing.fifo");
    expect(bodies.sort()).toEqual(MESSAGES);
    expect(await Body?.transformToString()).toBe('{"id":"1"}');
    expect(Attributes?.ApproximateNumberOfMessages).toBe("0");
    const send = { MessageBody: "{}", MessageGroupId: "1", MessageDeduplicationId: "1" };
    await refuses({
      "a message of his own": () => sqs.send(new SendMessageCommand({ QueueUrl, ...send })),
      purging: () => sqs.send(new PurgeQueueCommand({ QueueUrl })),
      setting: () => sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: "1" } })),
      "its dead letters": () =>
        sqs.send(new ReceiveMessageCommand({ QueueUrl: queue("orders-outgoing-dead-letters.fifo") })),
      events: () => sqs.send(new ReceiveMessageCommand({ QueueUrl: queue("orders-files") })),
      "a partner's file": () => read("taken/customers_20230828.csv"),
      "rejected rows": () => read("rejected/taken/20230828/rows.csv"),
      "a list": () => s3.send(new ListObjectsV2Command({ Bucket, Prefix: "messages/" })),
      "an earlier version": () =>
        s3.send(new GetObjectCommand({ Bucket, Key: "messages/taken/20230828/a.json", VersionId: "a" })),
      "a deletion": () => s3.send(new DeleteObjectCommand({ Bucket, Key: "messages/taken/20230828/a.json" })),
      "a message in the bucket": () => s3.send(new PutObjectCommand({ Bucket, Key: "messages/a", Body: "x" })),
      "the key": () => generateKey(taker),
    });
  });

  test("come by a link of `ops upload-link` from senders without AWS, below its prefix and up to its size", async () => {
    // Prepare
    const { deployment, feeds, consumer } = world();

    // Act
    const args = ["upload-link", "orders", "bylink", "--hours", "1", "--megabytes", "1", "--json"];
    const { stdout } = await runOps(deployment, args);
    const link = JSON.parse(stdout);
    const send = async (name: string, body: string, fields: object = {}) => {
      const form = new FormData();
      for (const [field, value] of Object.entries({ ...link.fields, ...fields })) form.set(field, String(value));
      form.set("file", new Blob([body]), name);
      return (await fetch(link.url, { method: "POST", body: form })).status;
    };
    const sent = [];
    for (const kind of KINDS) sent.push(await send(`${kind}_20230828.csv`, FILES[kind]));
    await feeds.settle();

    // Assess
    expect(sent).toEqual([204, 204, 204]);
    expect(new Date(link.until).getTime() - Date.now()).toBeLessThanOrEqual(3600 * 1000);
    expect((await consumer.received()).map(({ batch, body }) => `${batch} ${body}`).sort()).toEqual(
      MESSAGES.map((message) => `by link's/20230828 ${message}`),
    );
    expect(await send("large.csv", "x".repeat(1024 * 1024 + 1))).toBe(400);
    expect(await send("a.csv", "x", { key: "acme/a.csv" })).toBe(403);
    expect(await send("a.csv", "x", { "x-amz-server-side-encryption": "AES256" })).toBe(403);
    expect((await fetch(`${link.url}/by%20link's/orders_20230828.csv`)).status).toBe(403);
  });

  const queue = (name: string) => `${world().cloud.endpoint}/${ACCOUNT}/millrace-dev-${name}`;

  async function clientsOf(name: string, settings: RoleSettings): Promise<Clients> {
    const { cloud } = world();
    const credentials = await new EmulatedRoles(cloud).session(name, settings);
    const client = { ...cloud.client, credentials };
    return { s3: new S3Client(client), sqs: new SQSClient(client), credentials };
  }

  /** Makes a data key by the key itself, and not through S3 or SQS. */
  async function generateKey({ credentials }: Clients): Promise<void> {
    const { cloud } = world();
    const body = { KeyId: await keyOf(), KeySpec: "AES_256" };
    const answer = await callCloud(cloud, {
      service: "kms",
      target: "TrentService.GenerateDataKey",
      body,
      credentials,
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async function keyOf(): Promise<string> {
    const { cloud, feeds } = world();
    const head = new GetObjectCommand({ Bucket: feeds.bucket, Key: "acme/customers_20230828.csv" });
    return (await new S3Client(cloud.client).send(head)).SSEKMSKeyId ?? "";
  }

  async function putInParts(s3: S3Client, Key: string, text: string): Promise<void> {
    const at = { Bucket: world().feeds.bucket, Key };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
    const part = { ...at, UploadId, PartNumber: 1 };
    await s3.send(new UploadPartCommand({ ...part, Body: text }));
    const { Parts } = await s3.send(new ListPartsCommand({ ...at, UploadId }));
    const MultipartUpload = { Parts: (Parts ?? []).map(({ ETag, PartNumber }) => ({ ETag, PartNumber })) };
    await s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload }));
  }
}

/** Each is refused by a policy, and nothing else is its fault. */
async function refuses(tries: Readonly<Record<string, () => Promise<unknown>>>): Promise<void> {
  const outcomes = await Promise.all(
    Object.entries(tries).map(async ([what, attempt]) => [
      what,
      await attempt().then(
        () => "done",
        (error: unknown) => (REFUSED.test(String(error)) ? "refused" : String(error)),
      ),
    ]),
  );
  expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries(Object.keys(tries).map((what) => [what, "refused"])));
}
