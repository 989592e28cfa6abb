import { Readable } from "node:stream";
import { GetObjectCommand, HeadObjectCommand, NotFound, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { SourceError } from "../core/errors";
import type { ObjectStore, StoredObject } from "../core/objects";
import type { Bytes } from "../core/ports";

const GONE = ["PreconditionFailed", "NoSuchKey", "NoSuchVersion"];

/**
 * A bucket.
 *
 * Needs s3:GetObject, s3:GetObjectVersion, and s3:ListBucket: without it S3 answers 403 instead of 404 for a key that is
 * not there (Amazon S3 API reference, HeadObject); s3:PutObject to put.
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

  async open({ key, version, etag }: StoredObject): Promise<Bytes> {
    const source = this.locate(key);
    const exactly = version === undefined ? { IfMatch: `"${etag}"` } : { VersionId: version };
    const { Body } = await this.#client
      .send(new GetObjectCommand({ Bucket: this.name, Key: key, ...exactly }))
      .catch((cause: Error) => {
        if (!GONE.includes(cause.name)) throw cause;
        throw new SourceError("The object was replaced or removed before it was read", {
          got: cause.message,
          where: { source },
          fix: "Nothing: the next try reads what is there then",
          cause,
        });
      });
    return readBody(Body instanceof Readable ? Body : Readable.from([]), source);
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

async function* readBody(body: Readable, source: string): Bytes {
  try {
    yield* body;
  } catch (cause) {
    throw new SourceError("The object broke off while it was read", {
      got: cause instanceof Error ? cause.message : String(cause),
      where: { source },
      fix: "Nothing: it is read again with the next try",
      cause,
    });
  }
}
