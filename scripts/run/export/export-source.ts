import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import { AWS_PATIENCE } from "../../../etl/adapters/aws/patience";
import type { Bytes } from "../../../etl/core/ports";
import { parseS3Address } from "../../command-line/user-path";

/** The files of an export, wherever they lie. */
export interface ExportSource {
  /** The place of a file, for people. */
  readonly locate: (file: string) => string;
  readonly read: (file: string) => Bytes;
  /** Whether a folder lacks a file; of a bucket that is known when it is read. */
  readonly lacks: (file: string) => boolean;
}

/** @param from a folder, or `s3://bucket/prefix`, read with the credentials and the region of the shell */
export function exportSource(from: string): ExportSource {
  const address = parseS3Address(from);
  if (address === undefined) {
    const locate = (file: string) => join(from, file);
    return { locate, read: (file) => createReadStream(locate(file)), lacks: (file) => !existsSync(locate(file)) };
  }
  let client: S3Client | undefined;
  const { bucket, prefix } = address;
  const keyOf = (file: string) => `${prefix}${prefix === "" || prefix.endsWith("/") ? "" : "/"}${file}`;
  const locate = (file: string) => `s3://${bucket}/${keyOf(file)}`;
  return {
    locate,
    lacks: () => false,
    read: async function* (file) {
      // The SDK takes long to load, and most commands never call S3.
      const [{ S3Client, GetObjectCommand }, { readBody }] = await Promise.all([
        import("@aws-sdk/client-s3"),
        import("../../../etl/adapters/s3/body"),
      ]);
      client ??= new S3Client(AWS_PATIENCE);
      const got = await client.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(file) }));
      yield* readBody(got.Body as Readable, got.ContentLength, locate(file));
    },
  };
}
