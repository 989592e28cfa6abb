import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { ObjectVersion, ObjectVersions } from "../../core/objects/object-versions";
import type { Bytes } from "../../core/ports";
import { readBody } from "./body";

/**
 * A bucket with its versions.
 *
 * Needs s3:ListBucketVersions, s3:GetObjectVersion, s3:PutObject and s3:DeleteObjectVersion.
 */
export class S3ObjectVersions implements ObjectVersions {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async *list(prefix: string): AsyncGenerator<ObjectVersion> {
    for (let from: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {}; from !== undefined; ) {
      const page: ListObjectVersionsCommandOutput = await this.#client.send(
        new ListObjectVersionsCommand({ Bucket: this.#bucket, Prefix: prefix, ...from }),
      );
      for (const { Key: key = "", VersionId: version = "null", IsLatest: isNewest = false } of page.Versions ?? []) {
        yield { key, version, isNewest };
      }
      from =
        page.IsTruncated === true
          ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
          : undefined;
    }
  }

  async open({ key, version }: ObjectVersion, most?: number): Promise<Bytes> {
    const Range = most === undefined ? undefined : `bytes=0-${most - 1}`;
    const { Body, ContentLength } = await this.#client
      .send(new GetObjectCommand({ Bucket: this.#bucket, Key: key, VersionId: version, Range }))
      .catch((error: Error) => {
        // S3 has no first bytes of an empty object.
        if (error.name === "InvalidRange") return { Body: undefined, ContentLength: 0 };
        throw error;
      });
    const source = `s3://${this.#bucket}/${key}`;
    return readBody(Body instanceof Readable ? Body : Readable.from([]), ContentLength, source);
  }

  async put(key: string, body: string, contentType: string): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body, ContentType: contentType }),
    );
  }

  async remove({ key, version }: ObjectVersion): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key, VersionId: version }));
  }
}
