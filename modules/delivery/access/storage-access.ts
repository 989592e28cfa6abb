import type { Construct } from "constructs";
import { Account } from "../../account";
import type { Statement } from "../../function/policy";
import { type Access, type AccessScope, actions } from "./access";

/** On the secret of a password that RDS manages: whose password it is ("Password management", RDS user guide). */
export const RDS_SECRET_OF = "aws:ResourceTag/aws:rds:primaryDBInstanceArn";

/** Terraform undoes each of them by the action that sets it. */
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

/** Buckets, tables, databases and the secret that RDS keeps. What is in a bucket stays closed, but for artifacts. */
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
      // Lambda reads its code in the name of who deploys, by the object's version.
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
      // Every instance has an option group, if only its engine's default, and IAM asks for it.
      {
        actions: actions("rds", "CreateDBInstance", "ModifyDBInstance"),
        resources: [account.arn("rds", "og:default:postgres-*")],
      },
      // RDS makes the password with the permissions of who makes the database. It writes on the secret whose it is:
      // without that tag it is being made.
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

/** What says which data a destruction would take, to who plans it (scripts/deliver/workflow/list-data.ts). */
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

/** What empties the buckets before they are destroyed, versions included, and lifts the protection of data. */
export function emptyStorage(scope: Construct, { prefix }: AccessScope): readonly Statement[] {
  const account = Account.of(scope);
  const buckets = `arn:${account.partition}:s3:::${prefix}-*`;
  return [
    { actions: actions("s3", "ListBucketVersions", "ListBucketMultipartUploads"), resources: [buckets] },
    {
      actions: actions("s3", "DeleteObject", "DeleteObjectVersion", "AbortMultipartUpload"),
      resources: [`${buckets}/*`],
    },
    // RDS checks a change against what the instance belongs to as well, whatever the request names of it.
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
