import type { Construct } from "constructs";
import { PrivateBucket } from "./private-bucket";

export interface DistributionLogBucketProps {
  readonly name: string;
  /** Days that access logs are kept. */
  readonly retentionDays: number;
}

/**
 * Access logs of a CloudFront distribution. CloudFront writes with an ACL that it sets itself when the distribution is
 * created ("Standard logging (legacy)", CloudFront developer guide), so ACLs are enabled here; public ones stay
 * blocked. The newer way needs a provider for us-east-1 in addition to each stack's own.
 */
export class DistributionLogBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { name, retentionDays }: DistributionLogBucketProps) {
    super(scope, id, {
      name,
      lifecycle: { oldVersionDays: 1, expireDays: retentionDays },
      acls: true,
      // As with access logs of buckets: they still arrive while it is emptied.
      emptyOnDestroy: true,
    });
  }
}
