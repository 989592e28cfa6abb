import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { type BucketLifecycle, lifecycleRules } from "./bucket-lifecycle";

export interface PrivateBucketProps {
  /** Unique among all buckets of all accounts. */
  readonly name: string;
  readonly lifecycle: BucketLifecycle;
  /** The customer managed key's ARN. @default S3's own key */
  readonly keyArn?: string;
  /** Statements of its policy in addition to TLS-only. Called with the bucket's ARN. @default none */
  readonly statements?: (bucketArn: string) => readonly object[];
  /** Whether ACLs are enabled, for a service that sets them when it writes; public ones never are. @default false */
  readonly acls?: boolean;
  /** Whether Terraform refuses to destroy it. @default false */
  readonly preventDestroy?: boolean;
  /** Whether Terraform deletes its content, including versions, before it destroys it. @default false */
  readonly emptyOnDestroy?: boolean;
}

/**
 * The base of all our buckets: not public, versioned, encrypted, TLS-only, with a lifecycle, without ACLs unless
 * requested.
 */
export class PrivateBucket extends Construct {
  readonly arn: string;
  readonly name: string;
  /** Its host name in its region. */
  readonly domainName: string;
  /** For resources that need the policy in force to depend on. */
  readonly policy: S3BucketPolicy;
  /** For objects written by Terraform to depend on: without it, an object has no version. */
  readonly versioning: S3BucketVersioningA;
  /** For resources that need ACLs enabled to depend on. */
  readonly ownership: S3BucketOwnershipControls;
  readonly #statements: object[] = [];

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const bucket = this.#createBucket(props);
    this.arn = bucket.arn;
    this.name = bucket.bucket;
    this.domainName = bucket.bucketRegionalDomainName;
    this.ownership = new S3BucketOwnershipControls(this, "ownership", {
      bucket: this.name,
      rule: { objectOwnership: props.acls ? "BucketOwnerPreferred" : "BucketOwnerEnforced" },
    });
    this.policy = this.#shield(props);
    this.#encrypt(props.keyArn);
    this.versioning = this.#keepVersions(props.lifecycle);
  }

  #createBucket({ name, preventDestroy = false, emptyOnDestroy = false }: PrivateBucketProps): S3Bucket {
    return new S3Bucket(this, "bucket", { bucket: name, forceDestroy: emptyOnDestroy, lifecycle: { preventDestroy } });
  }

  /** Adds statements to its policy that depend on later resources. */
  protected allowBy(statement: object): void {
    this.#statements.push(statement);
  }

  #shield({ statements }: PrivateBucketProps): S3BucketPolicy {
    const block = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket: this.name,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    this.#statements.push(tlsOnly(this.arn), ...(statements?.(this.arn) ?? []));
    return new S3BucketPolicy(this, "policy", {
      bucket: this.name,
      policy: Lazy.stringValue({
        produce: () => JSON.stringify({ Version: "2012-10-17", Statement: this.#statements }),
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
