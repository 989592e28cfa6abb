import type { S3Client } from "@aws-sdk/client-s3";
import type { ListStore } from "../../core/objects/objects";
import { sendSpooled } from "./send";
import { withSpooled } from "./spool";

/**
 * Keeps lists as objects of a bucket, by way of a temporary file (on Lambda in `/tmp`, 512 MB by default).
 *
 * Needs s3:PutObject.
 */
export class S3ListStore implements ListStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(key: string, items: AsyncIterable<object>): Promise<{ readonly bucket: string; readonly key: string }> {
    const object = { Bucket: this.#bucket, Key: key, ContentType: "application/json" };
    await withSpooled(writeArray(items), (file) => sendSpooled(this.#client, object, file));
    return { bucket: this.#bucket, key };
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
