import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  NoSuchBucket,
  type S3Client,
} from "@aws-sdk/client-s3";
import { counted } from "../../../etl/core/counted";
import { MillraceError } from "../../../etl/core/errors";

/**
 * Deletes everything in a bucket: each version, each delete marker, each unfinished upload. S3 lists a thousand at a
 * time; each page is deleted before the first page is listed again, so that no position in the listing is needed.
 *
 * @param onDeleted called with the number deleted so far
 * @returns their number; 0 if the bucket does not exist
 * @throws MillraceError when S3 refuses to delete one
 */
export async function emptyBucket(
  s3: S3Client,
  bucket: string,
  onDeleted: (count: number) => void = () => undefined,
): Promise<number> {
  let count = 0;
  try {
    for (;;) {
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
      const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      if (objects.length === 0) break;
      await deleteAll(s3, bucket, objects);
      count += objects.length;
      onDeleted(count);
    }
    return count + (await abortUploads(s3, bucket));
  } catch (error) {
    if (error instanceof NoSuchBucket) return count;
    throw error;
  }
}

async function deleteAll(
  s3: S3Client,
  bucket: string,
  objects: readonly { readonly Key?: string; readonly VersionId?: string }[],
): Promise<void> {
  const Delete = { Objects: objects.map(({ Key, VersionId }) => ({ Key, VersionId })), Quiet: true };
  const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete }));
  const [first] = Errors;
  if (first === undefined) return;
  throw new MillraceError(`${counted(Errors.length, "object")} of ${bucket} cannot be deleted`, {
    got: `${first.Code} ${first.Message ?? ""} for ${first.Key}`,
    fix: "Give this role s3:DeleteObjectVersion on the bucket, or check for an object lock",
  });
}

async function abortUploads(s3: S3Client, bucket: string): Promise<number> {
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  for (const { Key, UploadId } of Uploads) {
    await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
  }
  return Uploads.length;
}
