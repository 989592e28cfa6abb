import type { Construct } from "constructs";
import { PrivateBucket } from "./private-bucket";

export interface DistributionLogBucketProps {
  readonly name: string;
  /** Days that access logs are kept. */
  readonly retentionDays: number;
}

/**
 * Where a distribution of CloudFront logs who opened what. CloudFront writes with an ACL that it sets itself when the
 * distribution is made ("Standard logging (legacy)", CloudFront developer guide), so that ACLs count here; public ones stay
 * blocked. The newer way needs a provider for us-east-1 beside each stack's own.
 */
export class DistributionLogBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { name, retentionDays }: DistributionLogBucketProps) {
    super(scope, id, {
      name,
      lifecycle: { oldVersionDays: 1, expireDays: retentionDays },
      acls: true,
      // As access logs of buckets: they still come while it is emptied.
      emptyOnDestroy: true,
    });
  }
}
