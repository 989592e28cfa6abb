import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import type { Construct } from "constructs";
import { Account } from "../account";
import type { AccessLogBucket } from "../storage/access-log-bucket";
import type { Key } from "../storage/key";
import { PrivateBucket } from "../storage/private-bucket";

export interface AuditBucketProps {
  /** Unique among all buckets of all accounts. */
  readonly name: string;
  readonly key: Key;
  /** Where its access is logged, under its own name. */
  readonly accessLog: AccessLogBucket;
  /** The trail that may write into it. */
  readonly trailArn: string;
  /** Whether AWS Config delivers there, too. */
  readonly configDelivers: boolean;
  /** Days that files are kept. */
  readonly retentionDays: number;
  /** Whether nobody may delete a file, and Terraform not the bucket; only the lifecycle deletes then. */
  readonly protect: boolean;
}

/**
 * Files of a trail. Encrypted by default with the given key, but it refuses no other encryption: CloudTrail encrypts
 * its digests with S3's own key ("Encrypting CloudTrail log files with AWS KMS keys", CloudTrail user guide). Costs
 * 0.023 USD per GB and month.
 */
export class AuditBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, props: AuditBucketProps) {
    const { name, key, accessLog, trailArn, configDelivers, retentionDays, protect } = props;
    const account = Account.of(scope).id;
    super(scope, id, {
      name,
      keyArn: key.arn,
      lifecycle: { oldVersionDays: 1, expireDays: retentionDays },
      statements: (arn) => [
        ...deliveries(arn, trailArn, account),
        ...(configDelivers ? configDeliveries(arn, account) : []),
        ...(protect ? [keepFiles(arn)] : []),
      ],
      preventDestroy: protect,
      emptyOnDestroy: !protect,
    });
    new S3BucketLoggingA(this, "logging", {
      bucket: this.name,
      targetBucket: accessLog.name,
      targetPrefix: `${name}/`,
      dependsOn: [accessLog.policy],
    });
  }
}

/**
 * "Amazon S3 bucket policy for CloudTrail", CloudTrail user guide. The trail's ARN names the account, too: the guide
 * has no condition on `aws:SourceAccount`, and a key that CloudTrail does not send would refuse every delivery.
 */
function deliveries(bucketArn: string, trailArn: string, account: string): readonly object[] {
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  return [
    {
      Sid: "TrailReadsAcl",
      Effect: "Allow",
      Principal,
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    },
    {
      Sid: "TrailWrites",
      Effect: "Allow",
      Principal,
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/${account}/*`,
      Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": trailArn } },
    },
  ];
}

/** "Permissions for the Amazon S3 Bucket for the AWS Config Delivery Channel", AWS Config developer guide. */
function configDeliveries(bucketArn: string, account: string): readonly object[] {
  const allow = (Sid: string, Action: string, Resource: string, more: object = {}) => ({
    Sid,
    Effect: "Allow",
    Principal: { Service: "config.amazonaws.com" },
    Action,
    Resource,
    Condition: { StringEquals: { "aws:SourceAccount": account, ...more } },
  });
  return [
    allow("ConfigReadsAcl", "s3:GetBucketAcl", bucketArn),
    allow("ConfigLists", "s3:ListBucket", bucketArn),
    allow("ConfigWrites", "s3:PutObject", `${bucketArn}/AWSLogs/${account}/Config/*`, {
      "s3:x-amz-acl": "bucket-owner-full-control",
    }),
  ];
}

/** A lifecycle rule needs no permission ("Setting a lifecycle configuration", S3 user guide). */
function keepFiles(bucketArn: string): object {
  return {
    Sid: "KeepFiles",
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
    Resource: `${bucketArn}/*`,
  };
}
