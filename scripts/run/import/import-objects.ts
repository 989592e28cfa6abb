import { join } from "node:path";
import { AWS_PATIENCE } from "../../../etl/adapters/aws/patience";
import { RangedDirectory } from "../../../etl/adapters/files/ranged-directory";
import type { RangedObjects } from "../../../etl/core/objects/objects";

/** The folder of a contract's samples, made up. */
export function samplesOf(contract: string): string {
  return join(__dirname, "../../../samples/import", contract);
}

/** Opens `s3://bucket/prefix`, with the credentials and the region of the shell, or a folder. */
export async function openObjects(from: string): Promise<RangedObjects> {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(from);
  if (match === null) return RangedDirectory.open(from);
  const [, bucket = "", prefix = ""] = match;
  // The SDK takes long to load, and most commands never ask S3.
  const [{ S3Client }, { S3RangedObjects }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("../../../etl/adapters/s3/ranged-objects"),
  ]);
  return new S3RangedObjects(new S3Client(AWS_PATIENCE), bucket, prefix);
}
