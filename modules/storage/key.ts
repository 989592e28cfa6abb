import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { Account } from "../account";
import type { Grantee } from "../function/policy";

/**
 * Services that use a key on their own behalf, so that the key's policy must name them: `logs` for log groups,
 * `cloudwatch` for alarms and `budgets` for budgets that publish to an encrypted topic, `events` for rules that send to
 * an encrypted queue, `config` for a recorder that delivers to an encrypted bucket. Others (RDS, Lambda, S3, DynamoDB, Secrets Manager, Scheduler) use the caller's permissions.
 */
export type KeyService = "logs" | "cloudwatch" | "budgets" | "config" | "events";

/** Principals, of any account, that use a key through one service on one of its resources. */
export interface KeyUse {
  readonly sid: string;
  readonly principalArns: readonly string[];
  readonly actions: readonly ("kms:Decrypt" | "kms:GenerateDataKey")[];
  readonly service: "s3" | "sqs";
  /** The bucket, whose objects share the bucket's data key ("S3 Bucket Keys", S3 user guide), or the queue. */
  readonly resourceArn: string;
}

export interface KeyProps {
  /** Name of the alias, without `alias/`. */
  readonly name: string;
  readonly description: string;
  /** @default none */
  readonly services?: readonly KeyService[];
  /** @default none */
  readonly uses?: readonly KeyUse[];
  /**
   * Buckets whose objects distributions of this account read; the bucket's policy names the distribution. @default none
   */
  readonly distributedBucketArns?: readonly string[];
  /** The trail whose files CloudTrail encrypts with it. @default none */
  readonly trailArn?: string;
  /** Days between deletion and the loss of everything that it encrypted, 7 to 30. @default 30 */
  readonly deletionWindowDays?: number;
  /** Whether Terraform refuses to destroy it. @default false */
  readonly preventDestroy?: boolean;
}

/**
 * A customer managed KMS key, rotated every year. Costs 1 USD a month, 2 after the first and 3 after the second
 * rotation.
 *
 * Its policy leaves the use of the key to IAM policies of this account ("Default key policy", KMS developer guide) and
 * admits the named services, limited to this account's resources if they name the account.
 */
export class Key extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: KeyProps) {
    super(scope, id);
    const { name, description, services = [], uses = [], distributedBucketArns = [] } = props;
    const { deletionWindowDays = 30, preventDestroy = false, trailArn } = props;
    const account = Account.of(this);
    const key = new KmsKey(this, "key", {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: deletionWindowDays,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          accountStatement(account),
          ...services.map((service) => serviceStatement(service, account)),
          ...uses.map((use) => useStatement(use, account)),
          ...distributedBucketArns.map((bucketArn) => distributionStatement(bucketArn, account)),
          ...(trailArn === undefined ? [] : [trailStatement(trailArn)]),
        ],
      }),
      lifecycle: { preventDestroy },
    });
    new KmsAlias(this, "alias", { name: `alias/${name}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }

  grantEncryptDecrypt(grantee: Grantee): void {
    grantee.allow({ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [this.arn] });
  }

  grantDecrypt(grantee: Grantee): void {
    grantee.allow({ actions: ["kms:Decrypt"], resources: [this.arn] });
  }

  /**
   * Permissions that DynamoDB requires of readers and writers of an encrypted table ("Encryption at rest", DynamoDB
   * guide).
   */
  grantTableUse(grantee: Grantee): void {
    grantee.allow({
      actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      resources: [this.arn],
      conditions: { StringEquals: { "kms:ViaService": `dynamodb.${Account.of(this).region}.amazonaws.com` } },
    });
  }
}

function accountStatement(account: Account) {
  return {
    Sid: "IamPoliciesDecide",
    Effect: "Allow",
    Principal: { AWS: account.globalArn("iam", "root") },
    Action: "kms:*",
    Resource: "*",
  };
}

/**
 * CloudWatch Logs names the log group instead of a source account ("Encrypt log data", CloudWatch Logs user guide).
 * EventBridge names neither for a rule's target ("Key management", SQS developer guide; for topics SNS's guide says
 * that conditions on the source are not supported): the queue's policy decides which rule may send.
 */
function serviceStatement(service: KeyService, account: Account) {
  const logs = service === "logs";
  return {
    Sid: `Use${service}`,
    Effect: "Allow",
    Principal: { Service: logs ? `logs.${account.region}.amazonaws.com` : `${service}.amazonaws.com` },
    Action: logs
      ? ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
      : ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: "*",
    Condition: serviceCondition(service, account),
  };
}

/** S3 and SQS name what they encrypt ("Encryption context" in the guide of each), so the key opens nothing else. */
function useStatement({ sid, principalArns, actions, service, resourceArn }: KeyUse, account: Account) {
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: { AWS: principalArns },
    Action: actions,
    Resource: "*",
    Condition: {
      StringEquals: {
        "kms:ViaService": `${service}.${account.region}.amazonaws.com`,
        [`kms:EncryptionContext:aws:${service}:arn`]: resourceArn,
      },
    },
  };
}

/**
 * "Restrict access to an Amazon S3 origin", CloudFront developer guide. The distribution is created after the key; the
 * bucket's policy refuses other distributions.
 */
function distributionStatement(bucketArn: string, account: Account) {
  return {
    Sid: "Distributions",
    Effect: "Allow",
    Principal: { Service: "cloudfront.amazonaws.com" },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: {
      ArnLike: { "aws:SourceArn": account.globalArn("cloudfront", "distribution/*") },
      StringEquals: { "kms:EncryptionContext:aws:s3:arn": bucketArn },
    },
  };
}

/**
 * "Configure AWS KMS key policies for CloudTrail", CloudTrail user guide. No condition on the encryption context: with a
 * bucket key it is the bucket, and the trail's ARN says as much.
 */
function trailStatement(trailArn: string) {
  return {
    Sid: "Trail",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: ["kms:GenerateDataKey*", "kms:DescribeKey"],
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceArn": trailArn } },
  };
}

function serviceCondition(service: KeyService, account: Account) {
  if (service === "logs")
    return { ArnLike: { "kms:EncryptionContext:aws:logs:arn": account.arn("logs", "log-group:*") } };
  return service === "events" ? undefined : { StringEquals: { "aws:SourceAccount": account.id } };
}
