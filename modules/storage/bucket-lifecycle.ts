import type { S3BucketLifecycleConfigurationRule } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";

/** When a bucket's objects are moved and deleted, in days. Unfinished uploads are always deleted after 7. */
export interface BucketLifecycle {
  /** Days after an object was replaced or deleted until its old version is deleted. */
  readonly oldVersionDays: number;
  /** Days after its creation until an object moves to Standard-IA: at least 30, S3's own limit. @default never */
  readonly infrequentAccessDays?: number;
  /** Days after its creation until an object moves to Glacier Instant Retrieval. @default never */
  readonly archiveDays?: number;
  /** Days after its creation until an object is deleted. @default never */
  readonly expireDays?: number;
  /** Days after its creation until an object under a prefix is deleted. @default never */
  readonly expirePrefixes?: Readonly<Record<string, number>>;
}

/** The rule for the whole bucket, and one for each prefix whose objects are deleted. */
export function lifecycleRules(lifecycle: BucketLifecycle): S3BucketLifecycleConfigurationRule[] {
  const { oldVersionDays, expirePrefixes = {} } = lifecycle;
  const ofPrefixes = Object.entries(expirePrefixes).map(([prefix, days]) => ({
    id: prefix.replace(/\/$/, ""),
    status: "Enabled",
    filter: [{ prefix }],
    noncurrentVersionExpiration: [{ noncurrentDays: Math.min(oldVersionDays, days) }],
    expiration: [{ days }],
  }));
  return [lifecycleRule(lifecycle), ...ofPrefixes];
}

function lifecycleRule(lifecycle: BucketLifecycle): S3BucketLifecycleConfigurationRule {
  const { oldVersionDays, infrequentAccessDays, archiveDays, expireDays } = lifecycle;
  const transitions = [
    { days: infrequentAccessDays, storageClass: "STANDARD_IA" },
    { days: archiveDays, storageClass: "GLACIER_IR" },
    // S3 refuses a move of what is gone by then.
  ].filter(({ days }) => days !== undefined && days < (expireDays ?? Number.POSITIVE_INFINITY));
  return {
    id: "all",
    status: "Enabled",
    filter: [{ prefix: "" }],
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
    noncurrentVersionExpiration: [{ noncurrentDays: oldVersionDays }],
    ...(transitions.length > 0 && { transition: transitions }),
    // Without an age, only delete markers that hide nothing any more are deleted.
    expiration: [expireDays === undefined ? { expiredObjectDeleteMarker: true } : { days: expireDays }],
  };
}
