import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Client } from "pg";
import type { Cloud } from "../../../../../scripts/cloud/cloud";
import type { Deployment } from "../../../../../scripts/cloud/deployment";
import { type FeedFile, feedFile } from "../../../files/feed-files";
import { type FeedReference, hashOf } from "../../../models/feeds/feed-reference";
import type { EmulatedFeeds } from "../../emulated/emulated-feeds";
import { functionLog } from "../../observe/function-log";
import { runStateMachine } from "../../observe/state-machine-run";
import type { TopicListener } from "../../observe/topic-listener";
import { soon } from "../../webhook-cloud";

export const DATABASE = "warehouse";
const POLL_MS = 200;
const GZIPPED = 3;

interface Deployed {
  readonly cloud: Cloud;
  readonly deployment: Deployment;
  readonly bucket: EmulatedFeeds;
  readonly topic: TopicListener;
  readonly reference: FeedReference;
}

export type FeedsWorld = ReturnType<typeof feedsWorld>;

/** What tests do with `sales` and `readings`, two feeds that load from the emulated S3 into one existing database. */
export function feedsWorld(deployed: Deployed) {
  const { cloud, bucket, topic, reference } = deployed;
  const run = (input?: object) => runStateMachine(cloud, "millrace-dev-import", input);
  const query = <Row extends object>(text: string) => cloud.postgres.query<Row>(DATABASE, text);
  const logOf = (step: string) => functionLog(cloud, `millrace-dev-import-${step}`);
  const hashOfSales = () => hashOf(cloud.postgres, DATABASE);

  async function runsOfReadings(): Promise<number> {
    const [found] = await query<{ runs: number }>(
      "SELECT count(*)::int AS runs FROM etl_run WHERE pipeline = 'readings'",
    );
    return found?.runs ?? 0;
  }

  /** Somebody else holds what a statement locks, until he is gone. */
  async function hold(statement: string): Promise<Client> {
    const client = new Client(cloud.postgres.connection(DATABASE));
    await client.connect();
    await client.query("BEGIN");
    await client.query(statement);
    return client;
  }

  async function loadedReadings(): Promise<number> {
    const [found] = await query<{ rows: number }>("SELECT count(*)::int AS rows FROM readings").catch(() => []);
    return found?.rows ?? 0;
  }

  async function hashOfReadings() {
    return query(
      "SELECT md5(string_agg(md5((meter, read_at, kwh, estimated)::text), '' ORDER BY meter, read_at)) FROM readings",
    );
  }

  /** To the bucket, and to the reference; one of them packed. */
  async function upload(file: FeedFile): Promise<void> {
    const isPacked = file.key === feedFile(GZIPPED).key;
    const key = isPacked ? `${file.key}.gz` : file.key;
    await bucket.upload(key, isPacked ? gzipSync(file.csv) : file.csv);
    const head = new HeadObjectCommand({ Bucket: bucket.bucket, Key: key });
    const { LastModified = new Date(0) } = await new S3Client(cloud.client).send(head);
    await reference.add({ ...file, key }, LastModified);
  }

  /** With a line break in quotes, which the contract promises away, in the second chunk. */
  async function uploadBroken(field: string): Promise<void> {
    const { csv } = feedFile(40);
    const at = csv.lastIndexOf(",of object 40,");
    await bucket.upload("import/broken.csv", `${csv.slice(0, at)},"${field}",${csv.slice(at + 14)}`);
  }

  /** What the sender of an object is told of it. */
  async function verdictOf(key: string): Promise<unknown> {
    const get = new GetObjectCommand({ Bucket: bucket.bucket, Key: `${key}.verdict.json` });
    const { Body } = await new S3Client(cloud.client).send(get);
    return JSON.parse((await Body?.transformToString()) ?? "");
  }

  async function chunksDone(): Promise<number> {
    const [found] = await query<{ count: number }>("SELECT count(*)::int FROM import_chunk").catch(() => []);
    return found?.count ?? 0;
  }

  /** Somebody else holds a key: who upserts it waits until he is gone. */
  async function insertFirst(saleId: number): Promise<Client> {
    return hold(
      `INSERT INTO sales SELECT (jsonb_populate_record(sales, jsonb_build_object('sale_id', ${saleId}))).* FROM sales LIMIT 1`,
    );
  }

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await wait(POLL_MS);
  }

  /** The text of the one message that came; a moment is left for a second one, which would be a mistake. */
  async function onlyMessage(): Promise<string> {
    const first = await soon(
      () => topic.received(),
      (came) => came.length > 0,
    );
    await wait(500);
    const messages = [...first, ...(await topic.received())];
    expect(messages).toHaveLength(1);
    return messages[0]?.text ?? "";
  }

  return {
    ...deployed,
    ...{ run, query, logOf, upload, uploadBroken, until, onlyMessage, hold, insertFirst, chunksDone, hashOfSales },
    ...{ runsOfReadings, loadedReadings, hashOfReadings, verdictOf },
  };
}
