import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { Cloud } from "../../../../scripts/cloud/cloud";
import { callCloud } from "../call-cloud";

const POLL_MS = 100;
const mappings = z.object({ EventSourceMappings: z.array(z.object({ UUID: z.string() })) });

export type Feed = "orders" | "metadata";
const FEEDS: readonly Feed[] = ["orders", "metadata"];

/** The incoming bucket of a deployment, and the pipelines that it triggers. */
export class EmulatedFeeds {
  readonly bucket: string;
  readonly #cloud: Cloud;
  readonly #prefix: string;
  readonly #s3: S3Client;
  readonly #sqs: SQSClient;
  readonly #crash: string;

  /** @param prefix project and environment: `millrace-dev` */
  constructor(cloud: Cloud, prefix: string) {
    this.bucket = `${prefix}-incoming-123456789012`;
    this.#cloud = cloud;
    this.#prefix = prefix;
    this.#s3 = new S3Client(cloud.client);
    this.#sqs = new SQSClient(cloud.client);
    this.#crash = join(cloud.folder, "lambda", "crash-after");
  }

  /** @returns the object's version and ETag */
  async upload(key: string, body: string | Uint8Array, details: { ContentType?: string; Metadata?: object } = {}) {
    const put = { Bucket: this.bucket, Key: key, Body: body, ...details, Metadata: { ...details.Metadata } };
    const { VersionId, ETag } = await this.#s3.send(new PutObjectCommand(put));
    return { version: VersionId, etag: ETag?.replaceAll('"', "") };
  }

  /** Removes an object, every version. */
  async remove(key: string): Promise<void> {
    const { Versions = [] } = await this.#s3.send(new ListObjectVersionsCommand({ Bucket: this.bucket, Prefix: key }));
    for (const { Key, VersionId } of Versions) {
      await this.#s3.send(new DeleteObjectCommand({ Bucket: this.bucket, Key, VersionId }));
    }
  }

  /** Waits until no event is in the queues or in a function's hands. */
  async settle(): Promise<void> {
    while ((await Promise.all(FEEDS.map((feed) => this.#count(this.#queue(feed))))).some((count) => count > 0)) {
      await wait(POLL_MS);
    }
  }

  /** How many events were given up. */
  async deadLetters(feed: Feed): Promise<number> {
    return this.#count(`${this.#queue(feed)}-dead-letters`);
  }

  /** Gives the event of an object up. */
  async bury(feed: Feed, key: string): Promise<void> {
    const detail = { bucket: { name: this.bucket }, object: { key } };
    const MessageBody = JSON.stringify({ source: "aws.s3", "detail-type": "Object Created", detail });
    const QueueUrl = this.#url(`${this.#queue(feed)}-dead-letters`);
    await this.#sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }

  /** What an operator does when the cause is repaired. */
  async redrive(feed: Feed): Promise<void> {
    const name = this.#queue(feed);
    const SourceArn = this.#arn(`${name}-dead-letters`);
    await this.#sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn: this.#arn(name) }));
  }

  /** Events wait in the queue meanwhile, and then come in one batch. */
  async whileHeld(feed: Feed, act: () => Promise<void>): Promise<void> {
    await this.#enableMapping(feed, false);
    await act();
    await this.#enableMapping(feed, true);
  }

  /** Nobody may read objects under a prefix meanwhile, the pipelines included. */
  async whileDenied(prefix: string, act: () => Promise<void>): Promise<void> {
    const { Policy = "" } = await this.#s3.send(new GetBucketPolicyCommand({ Bucket: this.bucket }));
    const policy = JSON.parse(Policy);
    const Resource = `arn:aws:s3:::${this.bucket}/${prefix}*`;
    const deny = { Effect: "Deny", Principal: "*", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource };
    await this.#setPolicy(JSON.stringify({ ...policy, Statement: [...policy.Statement, deny] }));
    await act();
    await this.#setPolicy(Policy);
  }

  /** The next function process that gets so many answers of AWS is killed at the last one. */
  async crashAfter(answers: number): Promise<void> {
    await writeFile(this.#crash, String(answers));
  }

  /** @returns whether none was killed */
  async stopCrashing(): Promise<boolean> {
    return rm(this.#crash).then(
      () => true,
      () => false,
    );
  }

  async #setPolicy(Policy: string): Promise<void> {
    await this.#s3.send(new PutBucketPolicyCommand({ Bucket: this.bucket, Policy }));
  }

  async #enableMapping(feed: Feed, Enabled: boolean): Promise<void> {
    const path = "/2015-03-31/event-source-mappings/";
    const EventSourceArn = encodeURIComponent(this.#arn(this.#queue(feed)));
    const list = { service: "lambda", path: `${path}?EventSourceArn=${EventSourceArn}`, method: "GET" };
    const { EventSourceMappings } = mappings.parse(await (await callCloud(this.#cloud, list)).json());
    for (const { UUID } of EventSourceMappings) {
      await callCloud(this.#cloud, { service: "lambda", path: `${path}${UUID}`, method: "PUT", body: { Enabled } });
    }
  }

  async #count(queue: string): Promise<number> {
    const QueueUrl = this.#url(queue);
    const { Attributes = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
  }

  #queue(feed: Feed): string {
    return `${this.#prefix}-${feed}-files`;
  }

  #url(queue: string): string {
    return `${this.#cloud.endpoint}/123456789012/${queue}`;
  }

  #arn(queue: string): string {
    return `arn:aws:sqs:${this.#cloud.region}:123456789012:${queue}`;
  }
}
