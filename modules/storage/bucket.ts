import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import type { Construct } from "constructs";
import type { Grantee } from "../function/policy";
import type { AccessLogBucket } from "./access-log-bucket";
import type { BucketLifecycle } from "./bucket-lifecycle";
import type { Key } from "./key";
import { PrivateBucket } from "./private-bucket";

/** Principals, of any account, that may do one thing below a prefix; the bucket's key must admit them, too. */
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
  /** Where its access is logged, under its own name. */
  readonly accessLog: AccessLogBucket;
  /** @default none */
  readonly doors?: readonly Door[];
  /** @default old versions are deleted after 90 days */
  readonly lifecycle?: BucketLifecycle;
  /** Whether it sends events of its objects to EventBridge, which a {@link BucketTrigger} needs. @default false */
  readonly events?: boolean;
  /** Whether Terraform refuses to destroy it. @default false */
  readonly preventDestroy?: boolean;
  /** Whether Terraform deletes its content, including versions, before it destroys it. @default false */
  readonly emptyOnDestroy?: boolean;
}

/**
 * A bucket in which every object is encrypted with the given key, for every writer, and every access is logged. Costs
 * 0.023 USD per GB and month, less after its lifecycle's moves.
 */
export class Bucket extends PrivateBucket {
  /** Whether it sends events of its objects to EventBridge. */
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

  /** Allows reading objects under a prefix. @default prefix: all */
  grantRead(grantee: Grantee, prefix = ""): void {
    grantee.allow({ actions: ["s3:GetObject"], resources: [`${this.arn}/${prefix}*`] });
    this.#key.grantDecrypt(grantee);
  }

  /** Allows reading any named version of objects under a prefix. @default prefix: all */
  grantReadVersions(grantee: Grantee, prefix = ""): void {
    this.grantRead(grantee, prefix);
    grantee.allow({ actions: ["s3:GetObjectVersion"], resources: [`${this.arn}/${prefix}*`] });
  }

  /** Allows writing objects under a prefix. @default prefix: all */
  grantWrite(grantee: Grantee, prefix = ""): void {
    grantee.allow({ actions: ["s3:PutObject"], resources: [`${this.arn}/${prefix}*`] });
    this.#key.grantEncryptDecrypt(grantee);
  }

  /** Allows writing objects under a prefix whose keys end alike. */
  grantWriteEnding(grantee: Grantee, prefix: string, ending: string): void {
    grantee.allow({ actions: ["s3:PutObject"], resources: [`${this.arn}/${prefix}*${ending}`] });
    this.#key.grantEncryptDecrypt(grantee);
  }

  /** Allows writing objects of any size under a prefix, in parts. */
  grantUpload(grantee: Grantee, prefix: string): void {
    this.grantWrite(grantee, prefix);
    grantee.allow({
      actions: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      resources: [`${this.arn}/${prefix}*`],
    });
  }

  /** Allows one CloudFront distribution to read objects under a prefix. The bucket's key must admit it, too. */
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

  /** Allows listing keys; without it S3 answers 403, not 404, for a missing object. */
  grantList(grantee: Grantee): void {
    grantee.allow({ actions: ["s3:ListBucket"], resources: [this.arn] });
  }
}

/** Objects of any size come in parts, which their sender may list and abort ("Multipart upload", S3 user guide). */
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
 * Refuses a write that names another encryption or key, or KMS without a key, for which S3 uses the AWS managed key
 * (PutObject, S3 API reference); a write that names neither gets the bucket's default.
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
