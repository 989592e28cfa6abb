import { Cloudtrail, type CloudtrailAdvancedEventSelector } from "@cdktf/provider-aws/lib/cloudtrail";
import { Construct } from "constructs";
import { Account } from "../account";
import { LogGroup } from "../function/log-group";
import { ServiceRole } from "../function/service-role";
import type { AccessLogBucket } from "../storage/access-log-bucket";
import { Key } from "../storage/key";
import { AuditBucket } from "./audit-bucket";
import { type Recorded, selectors } from "./event-selectors";

export interface TrailProps extends Omit<Recorded, "auditBucketArn"> {
  /** Of the trail, its role and its key's alias, and last part of its log group's. */
  readonly name: string;
  /** Unique among all buckets of all accounts. */
  readonly bucketName: string;
  readonly accessLog: AccessLogBucket;
  /** Days that files are kept in the bucket: the record. */
  readonly retentionDays: number;
  /** Days that the copy in CloudWatch Logs, for queries, is kept. */
  readonly logRetentionDays: number;
  /** Whether AWS Config delivers into the bucket, too. */
  readonly configDelivers: boolean;
  readonly protect: boolean;
}

/**
 * A CloudTrail trail of all regions, with digests that prove that its files are whole, a bucket and a key of its own,
 * and a copy in CloudWatch Logs for queries. Its first copy of management events is free; data events cost 0.10 USD per
 * 100,000, the copy 0.50 USD per GB, the key 1 USD a month.
 */
export class Trail extends Construct {
  readonly bucket: AuditBucket;
  readonly key: Key;

  constructor(scope: Construct, id: string, props: TrailProps) {
    super(scope, id);
    const { name, protect } = props;
    const trailArn = Account.of(this).arn("cloudtrail", `trail/${name}`);
    this.key = new Key(this, "key", {
      name,
      description: `The record of who did what, ${name}.`,
      services: props.configDelivers ? ["logs", "config"] : ["logs"],
      trailArn,
      preventDestroy: protect,
    });
    this.bucket = new AuditBucket(this, "bucket", {
      name: props.bucketName,
      key: this.key,
      accessLog: props.accessLog,
      trailArn,
      configDelivers: props.configDelivers,
      retentionDays: props.retentionDays,
      protect,
    });
    const log = new LogGroup(this, "log", {
      name: `/aws/cloudtrail/${name}`,
      key: this.key,
      retentionDays: props.logRetentionDays,
    });
    const role = new ServiceRole(this, "writer", {
      name,
      description: `Copies events of the trail ${name} to its log group.`,
      service: "cloudtrail.amazonaws.com",
    });
    log.grantWrite(role);
    new Cloudtrail(this, "trail", {
      name,
      s3BucketName: this.bucket.name,
      kmsKeyId: this.key.arn,
      enableLogFileValidation: true,
      // Events of IAM and STS, and what a stolen credential does elsewhere, are in other regions.
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      cloudWatchLogsGroupArn: `${log.arn}:*`,
      cloudWatchLogsRoleArn: role.arn,
      advancedEventSelector: selectors({ ...props, auditBucketArn: this.bucket.arn }).map(describe),
      dependsOn: [this.bucket.policy, role.policy],
    });
  }
}

function describe({ name, fields }: ReturnType<typeof selectors>[number]): CloudtrailAdvancedEventSelector {
  return { name, fieldSelector: fields };
}
