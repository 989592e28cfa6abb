import type { Construct } from "constructs";
import { ServiceRole } from "../../../modules/function/service-role";
import { AccessLogBucket } from "../../../modules/storage/access-log-bucket";
import { Bucket, type BucketProps } from "../../../modules/storage/bucket";
import { Key } from "../../../modules/storage/key";
import { synthesizeConstruct } from "../support/synthesize";

function addBucket(scope: Construct, props: Partial<BucketProps> = {}): Bucket {
  return new Bucket(scope, "raw", {
    name: "feeds-raw",
    key: new Key(scope, "key", { name: "feeds", description: "Feeds." }),
    accessLog: new AccessLogBucket(scope, "log", { name: "feeds-log", retentionDays: 90 }),
    ...props,
  });
}

const ruleOf = (lifecycle?: BucketProps["lifecycle"], id = "raw") =>
  synthesizeConstruct((scope) => {
    addBucket(scope, { lifecycle });
  }).named("aws_s3_bucket_lifecycle_configuration", id)[0]?.arguments;

describe("Bucket", () => {
  test("forgets old versions, lost uploads and delete markers by default, after versioning is on", () => {
    expect(ruleOf()).toMatchObject({
      rule: [
        {
          status: "Enabled",
          noncurrent_version_expiration: [{ noncurrent_days: 90 }],
          abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
          expiration: [{ expired_object_delete_marker: true }],
        },
      ],
      depends_on: [expect.stringMatching(/^aws_s3_bucket_versioning\.raw/)],
    });
  });

  test("moves objects to cheaper classes and deletes them if configured", () => {
    expect(ruleOf({ oldVersionDays: 5, infrequentAccessDays: 30, archiveDays: 120, expireDays: 400 })).toMatchObject({
      rule: [
        {
          transition: [
            { days: 30, storage_class: "STANDARD_IA" },
            { days: 120, storage_class: "GLACIER_IR" },
          ],
          expiration: [{ days: 400 }],
          noncurrent_version_expiration: [{ noncurrent_days: 5 }],
        },
      ],
    });
  });

  test("is protected, and emptied only if configured", () => {
    const bucketOf = (props: Partial<BucketProps>) =>
      synthesizeConstruct((scope) => {
        addBucket(scope, props);
      }).named("aws_s3_bucket", "raw")[0]?.arguments;

    expect(bucketOf({})).toMatchObject({ force_destroy: false, lifecycle: { prevent_destroy: false } });
    expect(bucketOf({ preventDestroy: true, emptyOnDestroy: true })).toMatchObject({
      force_destroy: true,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("refuses every encryption but its own: another kind, another key, and KMS with no key, for which S3 takes AWS's", () => {
    // Act
    const template = synthesizeConstruct((scope) => {
      addBucket(scope);
    });

    // Assess
    const policy = template.policies().find(({ place }) => place.startsWith("aws_s3_bucket_policy.raw"));
    const [kind, key] = ["s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"];
    const denied = policy?.statements.filter(
      ({ effect, actions }) => effect === "Deny" && actions[0] === "s3:PutObject",
    );
    expect(denied?.map(({ conditions }) => conditions)).toEqual([
      { StringNotEquals: { [kind]: ["aws:kms"] }, Null: { [kind]: ["false"] } },
      { StringNotEquals: { [key]: [expect.stringMatching(/^\$\{aws_kms_key\.key/)] }, Null: { [key]: ["false"] } },
      { Null: { [kind]: ["false"], [key]: ["true"] } },
    ]);
  });

  test("grants reading, writing and listing apart, under a prefix", () => {
    const template = synthesizeConstruct((scope) => {
      const bucket = addBucket(scope);
      const role = (name: string) =>
        new ServiceRole(scope, name, { name, description: name, service: "lambda.amazonaws.com" });
      bucket.grantRead(role("reader"), "covid/");
      bucket.grantWrite(role("writer"));
      bucket.grantList(role("lister"));
    });
    const granted = (role: string) =>
      template
        .policies()
        .filter(({ place }) => place.startsWith(`aws_iam_role_policy.${role}`))
        .flatMap(({ statements }) => statements.map(({ actions, resources }) => [...actions, ...resources].join(" ")));

    expect(granted("reader")).toEqual([
      expect.stringMatching(/^s3:GetObject \$\{aws_s3_bucket\.raw_\w+\.arn\}\/covid\/\*$/),
      expect.stringMatching(/^kms:Decrypt \$\{aws_kms_key/),
    ]);
    expect(granted("writer")).toEqual([
      expect.stringMatching(/^s3:PutObject \$\{aws_s3_bucket\.raw_\w+\.arn\}\/\*$/),
      expect.stringMatching(/^kms:Decrypt kms:GenerateDataKey \$\{aws_kms_key/),
    ]);
    expect(granted("lister")).toEqual([expect.stringMatching(/^s3:ListBucket \$\{aws_s3_bucket\.raw_\w+\.arn\}$/)]);
  });
});

describe("AccessLogBucket", () => {
  test("admits S3's log delivery of this account, and forgets", () => {
    const template = synthesizeConstruct((scope) => {
      addBucket(scope);
    });
    const policy = template.policies().find(({ place }) => place.startsWith("aws_s3_bucket_policy.log"));

    expect(policy?.statements.filter(({ effect }) => effect === "Allow")).toMatchObject([
      {
        actions: ["s3:PutObject"],
        principals: ["Service:logging.s3.amazonaws.com"],
        conditions: { StringEquals: { "aws:SourceAccount": [expect.stringMatching(/aws_caller_identity/)] } },
      },
    ]);
    expect(ruleOf(undefined, "log")).toMatchObject({ rule: [{ expiration: [{ days: 90 }] }] });
  });
});
