import type { Construct } from "constructs";
import { Account } from "../account";
import { PrivateBucket } from "./private-bucket";

export interface AccessLogBucketProps {
  readonly name: string;
  /** Days that access logs are kept. */
  readonly retentionDays: number;
  /** Whether Terraform deletes the logs when it destroys the bucket. @default false */
  readonly emptyOnDestroy?: boolean;
}

/**
 * Access logs of this account's buckets. Encrypted with S3's own key: server access logging cannot use a customer
 * managed key ("Enabling Amazon S3 server access logging", S3 user guide).
 */
export class AccessLogBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    const { retentionDays, ...rest } = props;
    const account = Account.of(scope);
    super(scope, id, {
      ...rest,
      lifecycle: { oldVersionDays: 1, expireDays: retentionDays },
      statements: (arn) => [
        {
          Sid: "AccessLogs",
          Effect: "Allow",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: `${arn}/*`,
          Condition: { StringEquals: { "aws:SourceAccount": account.id } },
        },
      ],
    });
  }
}
