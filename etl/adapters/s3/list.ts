import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { ListedObject } from "../../core/objects/objects";

/** Every object below a prefix, in the order of their keys, a thousand per page. */
export async function* listPages(
  client: S3Client,
  bucket: string,
  prefix: string,
): AsyncGenerator<readonly ListedObject[]> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    yield Contents.map(({ Key: key = "", ETag = "", Size: bytes = 0, LastModified: lastModified = new Date(0) }) => {
      return { key, etag: ETag.replaceAll('"', ""), bytes, lastModified };
    });
  }
}
