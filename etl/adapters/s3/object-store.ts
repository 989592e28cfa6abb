import { HeadObjectCommand, NotFound, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ListedObject, ObjectStore, StoredObject } from "../../core/objects/objects";
import type { Bytes } from "../../core/ports";
import { openBody } from "./body";
import { listPages } from "./list";

/**
 * A bucket.
 *
 * Needs s3:GetObject, s3:GetObjectVersion, and s3:ListBucket: without it S3 answers 403 instead of 404 for a missing
 * key (Amazon S3 API reference, HeadObject); s3:PutObject to put.
 */
export class S3ObjectStore implements ObjectStore {
  readonly name: string;
  readonly #client: S3Client;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.name = bucket;
  }

  async head(key: string, version?: string): Promise<StoredObject | undefined> {
    try {
      const head = await this.#client.send(new HeadObjectCommand({ Bucket: this.name, Key: key, VersionId: version }));
      return {
        key,
        version: head.VersionId === "null" ? undefined : head.VersionId,
        etag: (head.ETag ?? "").replaceAll('"', ""),
        bytes: head.ContentLength ?? 0,
        lastModified: head.LastModified ?? new Date(0),
        contentType: head.ContentType,
        metadata: head.Metadata ?? {},
      };
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  /** Every object below a prefix, in the order of their keys. */
  async list(prefix: string): Promise<readonly ListedObject[]> {
    const found: ListedObject[] = [];
    for await (const page of listPages(this.#client, this.name, prefix)) found.push(...page);
    return found;
  }

  async open({ key, version, etag }: Pick<StoredObject, "key" | "version" | "etag">): Promise<Bytes> {
    const exactly = version === undefined ? { IfMatch: `"${etag}"` } : { VersionId: version };
    return openBody(this.#client, { Bucket: this.name, Key: key, ...exactly }, this.locate(key));
  }

  async put(key: string, body: string, contentType: string): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({ Bucket: this.name, Key: key, Body: body, ContentType: contentType }),
    );
  }

  locate(key: string): string {
    return `s3://${this.name}/${key}`;
  }
}
