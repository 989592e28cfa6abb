import type { Construct } from "constructs";
import { Account } from "../../account";
import type { Statement } from "../../function/policy";
import { type Access, type AccessScope, actions, tagged } from "./access";

/** The tag on a secret managed by RDS: the database that it belongs to ("Password management", RDS user guide). */
export const RDS_SECRET_OF = "aws:ResourceTag/aws:rds:primaryDBInstanceArn";

/** Terraform resets each of them with the action that sets it. */
const bucketSettings = actions(
  "s3",
  "PutBucketPublicAccessBlock",
  "PutBucketOwnershipControls",
  "PutBucketVersioning",
  "PutBucketLogging",
  "PutBucketNotification",
  "PutEncryptionConfiguration",
  "PutLifecycleConfiguration",
);

/** Buckets, tables, databases and the secret that RDS keeps. Contents of buckets stay closed, except artifacts. */
export function storageAccess(scope: Construct, { prefix }: AccessScope): Access {
  const account = Account.of(scope);
  const buckets = [`arn:${account.partition}:s3:::${prefix}-*`];
  const artifacts = [`arn:${account.partition}:s3:::${prefix}-artifacts-*/*`];
  const tables = [account.arn("dynamodb", `table/${prefix}-*`)];
  const databases = ["db", "subgrp", "pg", "snapshot"].map((kind) => account.arn("rds", `${kind}:${prefix}-*`));
  return {
    read: [
      {
        actions: actions(
          "s3",
          "ListBucket",
          "ListBucketVersions",
          "GetBucket*",
          "GetEncryptionConfiguration",
          "GetLifecycleConfiguration",
          "GetReplicationConfiguration",
          "GetAccelerateConfiguration",
        ),
        resources: buckets,
      },
      { actions: actions("s3", "GetObject", "GetObjectTagging"), resources: artifacts },
      {
        actions: actions(
          "dynamodb",
          "DescribeTable",
          "DescribeContinuousBackups",
          "DescribeTimeToLive",
          "ListTagsOfResource",
        ),
        resources: tables,
      },
      {
        actions: actions(
          "rds",
          "DescribeDBSubnetGroups",
          "DescribeDBParameterGroups",
          "DescribeDBParameters",
          "ListTagsForResource",
        ),
        resources: databases,
      },
      // The provider finds an instance by a filter, and RDS checks a list without a name against every instance.
      { actions: actions("rds", "DescribeDBInstances"), resources: [account.arn("rds", "db:*")] },
    ],
    write: [
      {
        actions: [...actions("s3", "CreateBucket", "PutBucketPolicy", "PutBucketTagging"), ...bucketSettings],
        resources: buckets,
      },
      // Lambda reads its code with the deployer's permissions, by the object's version.
      { actions: actions("s3", "PutObject", "PutObjectTagging", "GetObjectVersion"), resources: artifacts },
      {
        actions: actions(
          "dynamodb",
          "CreateTable",
          "UpdateTable",
          "UpdateContinuousBackups",
          "UpdateTimeToLive",
          "TagResource",
          "UntagResource",
        ),
        resources: tables,
      },
      {
        actions: actions(
          "rds",
          "CreateDBInstance",
          "ModifyDBInstance",
          "RebootDBInstance",
          "CreateDBSubnetGroup",
          "ModifyDBSubnetGroup",
          "CreateDBParameterGroup",
          "ModifyDBParameterGroup",
          "ResetDBParameterGroup",
          "AddTagsToResource",
          "RemoveTagsFromResource",
        ),
        resources: databases,
      },
      // Every instance has an option group, at least its engine's default, and IAM checks it.
      {
        actions: actions("rds", "CreateDBInstance", "ModifyDBInstance"),
        resources: [account.arn("rds", "og:default:postgres-*")],
      },
      // RDS creates the password with the permissions of the database's creator. It tags the secret with its database:
      // a secret without that tag is just being created.
      {
        actions: actions("secretsmanager", "CreateSecret", "TagResource"),
        resources: [account.arn("secretsmanager", "secret:rds!db-*")],
        conditions: { StringLikeIfExists: { [RDS_SECRET_OF]: account.arn("rds", `db:${prefix}-*`) } },
      },
    ],
    remove: [
      {
        actions: [...actions("s3", "DeleteBucket", "DeleteBucketPolicy"), ...bucketSettings],
        resources: buckets,
      },
      { actions: actions("s3", "DeleteObject", "DeleteObjectVersion"), resources: artifacts },
      { actions: actions("dynamodb", "DeleteTable"), resources: tables },
      {
        actions: actions(
          "rds",
          "DeleteDBInstance",
          "DeleteDBSubnetGroup",
          "DeleteDBParameterGroup",
          "CreateDBSnapshot",
          // The last snapshot gets the tags of its database.
          "AddTagsToResource",
        ),
        resources: databases,
      },
    ],
  };
}

/**
 * For the list of data that a destruction would delete, shown with its plan (scripts/deliver/workflow/list-data.ts).
 */
export function listData(scope: Construct): readonly Statement[] {
  const account = Account.of(scope);
  return [
    // RDS checks a list without a name against every snapshot.
    {
      actions: actions("rds", "DescribeDBSnapshots"),
      resources: ["db", "snapshot"].map((kind) => account.arn("rds", `${kind}:*`)),
    },
  ];
}

/** Empties the buckets before they are destroyed, including versions, and lifts the protection of data. */
export function emptyStorage(scope: Construct, { prefix }: AccessScope): readonly Statement[] {
  const account = Account.of(scope);
  const buckets = `arn:${account.partition}:s3:::${prefix}-*`;
  return [
    { actions: actions("s3", "ListBucketVersions", "ListBucketMultipartUploads"), resources: [buckets] },
    {
      actions: actions("s3", "DeleteObject", "DeleteObjectVersion", "AbortMultipartUpload"),
      resources: [`${buckets}/*`],
    },
    // RDS also checks a change against the groups that the instance belongs to, whether or not the request names them.
    {
      actions: actions("rds", "ModifyDBInstance"),
      resources: [
        ...["db", "pg", "subgrp"].map((kind) => account.arn("rds", `${kind}:${prefix}-*`)),
        account.arn("rds", "og:default:postgres-*"),
      ],
    },
    { actions: actions("dynamodb", "UpdateTable"), resources: [account.arn("dynamodb", `table/${prefix}-*`)] },
  ];
}

/**
 * For the rehearsal of a destruction: its function shows all tables, and the ledger is read here. What is exported lies
 * in the bucket of the states, which no destruction of the stacks deletes.
 */
export function exportStorage(scope: Construct, { prefix, tags }: AccessScope): readonly Statement[] {
  const account = Account.of(scope);
  return [
    { actions: actions("lambda", "InvokeFunction"), resources: [account.arn("lambda", `function:${prefix}-export`)] },
    { actions: actions("dynamodb", "Scan"), resources: [account.arn("dynamodb", `table/${prefix}-orders-ledger`)] },
    {
      actions: actions("kms", "Decrypt"),
      resources: [account.arn("kms", "key/*")],
      conditions: {
        StringEquals: {
          ...tagged("ResourceTag", tags).StringEquals,
          "kms:ViaService": `dynamodb.${account.region}.amazonaws.com`,
        },
      },
    },
  ];
}
