import type { S3Client } from "@aws-sdk/client-s3";
import type { ListedObject, RangedObjects } from "../../core/objects/objects";
import type { Bytes } from "../../core/ports";
import { openBody } from "./body";
import { explainRefusal } from "./explain-refusal";
import { listPages } from "./list";

/**
 * The objects of a bucket below a prefix, read with ranged GETs.
 *
 * Needs s3:ListBucket on the bucket and s3:GetObject on the objects; for objects encrypted with a KMS key, kms:Decrypt
 * on it.
 */
export class S3RangedObjects implements RangedObjects {
  readonly name: string;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  /** @param prefix of the keys; empty for the whole bucket */
  constructor(client: S3Client, bucket: string, prefix: string) {
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.name = `s3://${bucket}/${prefix}`;
  }

  async *list(beginning = this.#prefix): AsyncGenerator<readonly ListedObject[]> {
    if (!beginning.startsWith(this.#prefix)) return;
    try {
      yield* listPages(this.#client, this.#bucket, beginning);
    } catch (error) {
      throw error instanceof Error ? explainRefusal(error, this.name) : error;
    }
  }

  async openRange({ key, etag }: Pick<ListedObject, "key" | "etag">, start: number, end: number): Promise<Bytes> {
    const range = { Bucket: this.#bucket, Key: key, IfMatch: `"${etag}"`, Range: `bytes=${start}-${end - 1}` };
    return openBody(this.#client, range, this.locate(key), explainRefusal, end - start);
  }

  locate(key: string): string {
    return `s3://${this.#bucket}/${key}`;
  }
}
