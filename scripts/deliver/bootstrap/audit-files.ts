import { ListBucketsCommand, ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import { bootstrapName } from "../../../config/names";
import type { Config } from "../../../config/schema";
import { MillraceError } from "../../../etl/core/errors";

type Audited = Pick<Config, "project" | "environment" | "audit">;

/** @throws MillraceError if a destruction would delete files of the trail */
export async function refuseLostRecord(s3: S3Client, config: Audited): Promise<void> {
  const bucket = await recordOf(s3, config);
  if (bucket === undefined) return;
  throw new MillraceError("Nothing was destroyed: the record of who did what would be deleted, too", {
    got: `files in ${bucket}`,
    expected: "none, or --with-audit",
    fix: `Copy what must be kept (aws s3 sync s3://${bucket} FOLDER), then run the same command with --with-audit`,
  });
}

/** @throws MillraceError if the trail is switched off while it has files: Terraform would delete its key */
export async function refuseRecordWithoutTrail(s3: S3Client, config: Audited): Promise<void> {
  if (config.audit.trail.enabled) return;
  const bucket = await recordOf(s3, config);
  if (bucket === undefined) return;
  throw new MillraceError("Nothing was changed: without audit.trail the record of who did what would be deleted", {
    got: `audit.trail.enabled: false, and files in ${bucket}`,
    fix:
      `Set it to true in config/${config.environment}.ts. To pause the trail until the next bootstrap: ` +
      `aws cloudtrail stop-logging --name ${bootstrapName(config, "audit")}`,
  });
}

/** The trail's bucket, if it has a file. */
async function recordOf(s3: S3Client, config: Audited): Promise<string | undefined> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  for (const { Name: Bucket = "" } of Buckets) {
    if (!Bucket.startsWith(`${bootstrapName(config, "audit")}-`)) continue;
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1 }));
    if (Versions.length > 0) return Bucket;
  }
  return undefined;
}
