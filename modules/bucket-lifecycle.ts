import type { S3BucketLifecycleConfigurationRule } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";

/** When a bucket's objects move and go, in days. Unfinished uploads always go after 7. */
export interface BucketLifecycle {
  /** After an object was replaced or deleted, its older version goes. */
  readonly oldVersionDays: number;
  /** After its creation an object moves to Standard-IA: at least 30, S3's own limit. @default never */
  readonly infrequentAccessDays?: number;
  /** After its creation an object moves to Glacier Instant Retrieval. @default never */
  readonly archiveDays?: number;
  /** After its creation an object goes. @default never */
  readonly expireDays?: number;
}

/** The one rule, for all of a bucket. */
export function lifecycleRule(lifecycle: BucketLifecycle): S3BucketLifecycleConfigurationRule {
  const { oldVersionDays, infrequentAccessDays, archiveDays, expireDays } = lifecycle;
  const transitions = [
    { days: infrequentAccessDays, storageClass: "STANDARD_IA" },
    { days: archiveDays, storageClass: "GLACIER_IR" },
  ].filter(({ days }) => days !== undefined);
  return {
    id: "all",
    status: "Enabled",
    filter: [{ prefix: "" }],
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
    noncurrentVersionExpiration: [{ noncurrentDays: oldVersionDays }],
    ...(transitions.length > 0 && { transition: transitions }),
    // Without an age, what goes are delete markers that hide nothing any more.
    expiration: [expireDays === undefined ? { expiredObjectDeleteMarker: true } : { days: expireDays }],
  };
}
