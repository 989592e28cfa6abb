import { text } from "node:stream/consumers";
import type { S3Client } from "@aws-sdk/client-s3";
import type { ListAddress, ListStore } from "../../core/objects/objects";
import { openBody } from "./body";
import { sendSpooled } from "./send";
import { withSpooled } from "./spool";

/**
 * Keeps lists as objects of a bucket, through a temporary file (on Lambda in `/tmp`, 512 MB by default).
 *
 * Needs s3:PutObject, and s3:GetObject to read them.
 */
export class S3ListStore implements ListStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  /** @param prefix of the bucket's keys, which the keys given here do not have: `sales/manifests/` */
  constructor(client: S3Client, bucket: string, prefix: string) {
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  async put(key: string, items: AsyncIterable<object>): Promise<ListAddress> {
    const object = { Bucket: this.#bucket, Key: this.#prefix + key, ContentType: "application/json" };
    await withSpooled(writeArray(items), (file) => sendSpooled(this.#client, object, file));
    return this.locate(key);
  }

  async get(key: string): Promise<readonly unknown[]> {
    const { bucket: Bucket, key: Key } = this.locate(key);
    return JSON.parse(await text(await openBody(this.#client, { Bucket, Key }, `s3://${Bucket}/${Key}`)));
  }

  locate(key: string): ListAddress {
    return { bucket: this.#bucket, key: this.#prefix + key };
  }
}

async function* writeArray(items: AsyncIterable<object>): AsyncGenerator<Uint8Array> {
  let before = "[";
  for await (const item of items) {
    yield Buffer.from(`${before}${JSON.stringify(item)}`);
    before = ",\n";
  }
  yield Buffer.from(before === "[" ? "[]" : "]");
}
