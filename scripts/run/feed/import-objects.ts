import { stat } from "node:fs/promises";
import { join } from "node:path";
import { AWS_PATIENCE } from "../../../etl/adapters/aws/patience";
import { RangedDirectory } from "../../../etl/adapters/files/ranged-directory";
import { UsageError } from "../../../etl/core/errors";
import { isUrl, maskLocation } from "../../../etl/core/fetch/mask-url";
import type { RangedObjects } from "../../../etl/core/objects/objects";

/** The folder of a contract's samples, made up. */
export function samplesOf(contract: string): string {
  return join(__dirname, "../../../samples/feeds", contract);
}

/**
 * Opens `s3://bucket/prefix`, with the credentials and the region of the shell, or a folder.
 *
 * @throws UsageError where it is another address, or a file
 */
export async function openObjects(from: string): Promise<RangedObjects> {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(from);
  if (match === null) {
    await refuseOther(from);
    return RangedDirectory.open(from);
  }
  const [, bucket = "", prefix = ""] = match;
  // The SDK takes long to load, and most commands never ask S3.
  const [{ S3Client }, { S3RangedObjects }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("../../../etl/adapters/s3/ranged-objects"),
  ]);
  return new S3RangedObjects(new S3Client(AWS_PATIENCE), bucket, prefix);
}

async function refuseOther(from: string): Promise<void> {
  const expected = "a folder, or s3://bucket/prefix";
  if (/^s3:/i.test(from) || isUrl(from)) {
    const fix = "Write it as s3://bucket/prefix, or download the files into a folder and name that";
    throw new UsageError("This is an address, and no path", { got: maskLocation(from), expected, fix });
  }
  const facts = await stat(from).catch(() => undefined);
  if (facts?.isFile() !== true) return;
  throw new UsageError("--from is a file", { got: from, expected, fix: "Name the folder that it is in" });
}
