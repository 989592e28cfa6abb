import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import { type BucketLifecycle, lifecycleRules } from "./bucket-lifecycle";

export interface PrivateBucketProps {
  /** Unique among all buckets of all accounts. */
  readonly name: string;
  readonly lifecycle: BucketLifecycle;
  /** The customer key's ARN; without it S3's own key encrypts. @default S3's own */
  readonly keyArn?: string;
  /** Statements of its policy besides TLS-only. Called with the bucket's ARN. @default none */
  readonly statements?: (bucketArn: string) => readonly object[];
  /** Whether Terraform refuses to destroy it. @default false */
  readonly preventDestroy?: boolean;
  /** Whether Terraform deletes what is in it, versions included, before it destroys it. @default false */
  readonly emptyOnDestroy?: boolean;
}

/** What every bucket of ours is: not public, without ACLs, versioned, encrypted, TLS-only, with a lifecycle. */
export class PrivateBucket extends Construct {
  readonly arn: string;
  readonly name: string;
  /** What others depend on that need the policy in force. */
  readonly policy: S3BucketPolicy;
  /** What an object depends on that is written by Terraform: before it, an object has no version. */
  readonly versioning: S3BucketVersioningA;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const bucket = this.#createBucket(props);
    this.arn = bucket.arn;
    this.name = bucket.bucket;
    this.policy = this.#shield(props);
    this.#encrypt(props.keyArn);
    this.versioning = this.#keepVersions(props.lifecycle);
  }

  #createBucket({ name, preventDestroy = false, emptyOnDestroy = false }: PrivateBucketProps): S3Bucket {
    return new S3Bucket(this, "bucket", { bucket: name, forceDestroy: emptyOnDestroy, lifecycle: { preventDestroy } });
  }

  #shield({ statements }: PrivateBucketProps): S3BucketPolicy {
    const block = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket: this.name,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket: this.name,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    return new S3BucketPolicy(this, "policy", {
      bucket: this.name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [tlsOnly(this.arn), ...(statements?.(this.arn) ?? [])],
      }),
      // S3 refuses two changes of a bucket's access at the same time.
      dependsOn: [block],
    });
  }

  #encrypt(keyArn: string | undefined): void {
    const byDefault =
      keyArn === undefined ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn };
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: this.name,
      rule: [{ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled: keyArn !== undefined }],
    });
  }

  #keepVersions(lifecycle: BucketLifecycle): S3BucketVersioningA {
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: this.name,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: this.name,
      rule: lifecycleRules(lifecycle),
      dependsOn: [versioning],
    });
    return versioning;
  }
}

function tlsOnly(bucketArn: string) {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
