import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import type { Construct } from "constructs";
import type { Grantee } from "../function/policy";
import type { AccessLogBucket } from "./access-log-bucket";
import type { BucketLifecycle } from "./bucket-lifecycle";
import type { Key } from "./key";
import { PrivateBucket } from "./private-bucket";

/** Principals, of whatever account, that may do one thing below a prefix; the bucket's key must admit them, too. */
export interface Door {
  readonly sid: string;
  readonly principalArns: readonly string[];
  readonly may: "put" | "get";
  readonly prefix: string;
}

export interface BucketProps {
  /** Unique among all buckets of all accounts. */
  readonly name: string;
  readonly key: Key;
  /** Where it logs who read and wrote it, under its own name. */
  readonly accessLog: AccessLogBucket;
  /** @default none */
  readonly doors?: readonly Door[];
  /** @default old versions go after 90 days */
  readonly lifecycle?: BucketLifecycle;
  /** Whether it tells EventBridge of its objects, which a {@link BucketTrigger} needs. @default false */
  readonly events?: boolean;
  /** Whether Terraform refuses to destroy it. @default false */
  readonly preventDestroy?: boolean;
  /** Whether Terraform deletes what is in it, versions included, before it destroys it. @default false */
  readonly emptyOnDestroy?: boolean;
}

/**
 * A bucket whose every object is encrypted with the given key, whoever writes it, and whose every access is logged.
 * Costs 0.023 USD a GB and month, less after the moves of its lifecycle.
 */
export class Bucket extends PrivateBucket {
  /** Whether it tells EventBridge of its objects. */
  readonly sendsEvents: boolean;
  readonly #key: Key;

  constructor(scope: Construct, id: string, props: BucketProps) {
    const { key, accessLog, lifecycle = { oldVersionDays: 90 }, events = false, doors = [], ...rest } = props;
    super(scope, id, {
      ...rest,
      lifecycle,
      keyArn: key.arn,
      statements: (arn) => [...onlyEncryptedWith(key.arn, arn), ...doors.map((door) => doorStatement(door, arn))],
    });
    this.#key = key;
    this.sendsEvents = events;
    new S3BucketLoggingA(this, "logging", {
      bucket: this.name,
      targetBucket: accessLog.name,
      targetPrefix: `${props.name}/`,
      dependsOn: [accessLog.policy],
    });
    if (events) new S3BucketNotification(this, "events", { bucket: this.name, eventbridge: true });
  }

  /** Read objects under a prefix. @default prefix: all */
  grantRead(grantee: Grantee, prefix = ""): void {
    grantee.allow({ actions: ["s3:GetObject"], resources: [`${this.arn}/${prefix}*`] });
    this.#key.grantDecrypt(grantee);
  }

  /** Read any version of objects under a prefix that a caller names. @default prefix: all */
  grantReadVersions(grantee: Grantee, prefix = ""): void {
    this.grantRead(grantee, prefix);
    grantee.allow({ actions: ["s3:GetObjectVersion"], resources: [`${this.arn}/${prefix}*`] });
  }

  /** Write objects under a prefix. @default prefix: all */
  grantWrite(grantee: Grantee, prefix = ""): void {
    grantee.allow({ actions: ["s3:PutObject"], resources: [`${this.arn}/${prefix}*`] });
    this.#key.grantEncryptDecrypt(grantee);
  }

  /** Write objects of any size under a prefix, in parts. */
  grantUpload(grantee: Grantee, prefix: string): void {
    this.grantWrite(grantee, prefix);
    grantee.allow({
      actions: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      resources: [`${this.arn}/${prefix}*`],
    });
  }

  /** Read objects under a prefix: one distribution of CloudFront. The bucket's key must let it read, too. */
  grantDistribution(distributionArn: string, prefix: string): void {
    this.allowBy({
      Sid: "Distribution",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: `${this.arn}/${prefix}*`,
      Condition: { StringEquals: { "aws:SourceArn": distributionArn } },
    });
  }

  /** List keys; without it S3 answers 403 where an object is missing, not 404. */
  grantList(grantee: Grantee): void {
    grantee.allow({ actions: ["s3:ListBucket"], resources: [this.arn] });
  }
}

/** Objects of any size come in parts, which their sender may list and give up ("Multipart upload", S3 user guide). */
const DOOR_ACTIONS = {
  put: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
  get: ["s3:GetObject"],
} as const satisfies Record<Door["may"], readonly string[]>;

function doorStatement({ sid, principalArns, may, prefix }: Door, bucketArn: string): object {
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: { AWS: principalArns },
    Action: DOOR_ACTIONS[may],
    Resource: `${bucketArn}/${prefix}*`,
  };
}

/**
 * Refuses a write that names another encryption or key, or KMS without a key, for which S3 takes AWS's own (PutObject, S3
 * API reference); one that names neither gets the bucket's default.
 */
function onlyEncryptedWith(keyArn: string, bucketArn: string): readonly object[] {
  const refuse = (sid: string, header: string, allowed: string) => ({
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: `${bucketArn}/*`,
    Condition: { StringNotEquals: { [header]: allowed }, Null: { [header]: "false" } },
  });
  const unnamed = {
    Sid: "KmsWithKeyOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: `${bucketArn}/*`,
    Condition: {
      Null: {
        "s3:x-amz-server-side-encryption": "false",
        "s3:x-amz-server-side-encryption-aws-kms-key-id": "true",
      },
    },
  };
  return [
    refuse("KmsOnly", "s3:x-amz-server-side-encryption", "aws:kms"),
    refuse("ThisKeyOnly", "s3:x-amz-server-side-encryption-aws-kms-key-id", keyArn),
    unnamed,
  ];
}
