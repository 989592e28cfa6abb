import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Cloud } from "../../../../../scripts/cloud/cloud";
import { FILES } from "../../../files/orders-files";
import type { EmulatedFeeds } from "../../emulated/emulated-feeds";
import { functionLog } from "../../observe/function-log";
import type { TopicListener } from "../../observe/topic-listener";
import type { OrdersConsumer } from "../orders-consumer";

export const KINDS = ["customers", "orders", "items"] as const;
type Kind = (typeof KINDS)[number];
type Files = Readonly<Record<Kind, string | Uint8Array>>;

interface Deployed {
  readonly cloud: Cloud;
  readonly feeds: EmulatedFeeds;
  readonly consumer: OrdersConsumer;
  readonly topic: TopicListener;
}

export type OrdersWorld = ReturnType<typeof ordersWorld>;

/** What tests do with the files of `orders`, in the emulated S3. */
export function ordersWorld(deployed: Deployed) {
  const { cloud, feeds } = deployed;
  const put = (prefix: string, kind: Kind | undefined, body?: string | Uint8Array) =>
    kind && feeds.upload(`${prefix}${kind}_20230828.csv${isPacked(body) ? ".gz" : ""}`, body ?? FILES[kind]);
  const putAll = async (prefix: string, files: Files) => {
    await Promise.all(KINDS.map((kind) => put(prefix, kind, files[kind])));
  };
  const log = (name: string) => functionLog(cloud, `millrace-dev-${name}`);

  async function read(key: string): Promise<string> {
    const s3 = new S3Client(cloud.client);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: feeds.bucket, Key: key }));
    return (await Body?.transformToString()) ?? "";
  }

  return { ...deployed, put, putAll, log, read };
}

function isPacked(body: string | Uint8Array | undefined): boolean {
  return body instanceof Uint8Array;
}
