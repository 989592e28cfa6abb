import type { Construct } from "constructs";
import { Account } from "../account";
import type { Statement } from "../policy";
import { type Access, type AccessScope, actions } from "./access";

/** Buckets, tables, databases and the secret that RDS keeps. What is in a bucket stays closed, but for artifacts. */
export function storageAccess(scope: Construct, { prefix }: AccessScope): Access {
  const account = Account.of(scope);
  const buckets = [`arn:${account.partition}:s3:::${prefix}-*`];
  const artifacts = [`arn:${account.partition}:s3:::${prefix}-artifacts-*/*`];
  const tables = [account.arn("dynamodb", `table/${prefix}-*`)];
  const databases = [
    ...["db", "subgrp", "pg", "snapshot"].map((kind) => account.arn("rds", `${kind}:${prefix}-*`)),
    // Every instance has an option group, if only its engine's default, and IAM asks for it.
    account.arn("rds", "og:default:postgres-*"),
  ];
  const secrets = [account.arn("secretsmanager", "secret:rds!db-*")];
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
      { actions: actions("s3", "GetObject", "GetObjectTagging", "GetObjectVersion"), resources: artifacts },
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
          "DescribeDBInstances",
          "DescribeDBSnapshots",
          "DescribeDBSubnetGroups",
          "DescribeDBParameterGroups",
          "DescribeDBParameters",
          "ListTagsForResource",
        ),
        resources: databases,
      },
      { actions: actions("rds", "DescribeDBEngineVersions"), resources: ["*"] },
      { actions: actions("secretsmanager", "DescribeSecret"), resources: secrets },
    ],
    write: [
      {
        actions: actions("s3", "CreateBucket", "PutBucket*", "PutEncryptionConfiguration", "PutLifecycleConfiguration"),
        resources: buckets,
      },
      { actions: actions("s3", "PutObject", "PutObjectTagging"), resources: artifacts },
      {
        actions: actions(
          "dynamodb",
          "CreateTable",
          "UpdateTable",
          "UpdateContinuousBackups",
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
      // RDS makes and rotates the password with the permissions of who makes the database.
      { actions: actions("secretsmanager", "CreateSecret", "TagResource", "RotateSecret"), resources: secrets },
    ],
    remove: [
      { actions: actions("s3", "DeleteBucket", "DeleteBucketPolicy"), resources: buckets },
      { actions: actions("s3", "DeleteObject", "DeleteObjectVersion"), resources: artifacts },
      { actions: actions("dynamodb", "DeleteTable"), resources: tables },
      {
        actions: actions(
          "rds",
          "DeleteDBInstance",
          "DeleteDBSubnetGroup",
          "DeleteDBParameterGroup",
          "CreateDBSnapshot",
        ),
        resources: databases,
      },
    ],
  };
}

/** What empties the buckets before they are destroyed, versions included, and lifts the protection of data. */
export function emptyStorage(scope: Construct, { prefix }: AccessScope): readonly Statement[] {
  const account = Account.of(scope);
  const buckets = `arn:${account.partition}:s3:::${prefix}-*`;
  return [
    { actions: actions("s3", "ListBucketVersions"), resources: [buckets] },
    { actions: actions("s3", "DeleteObject", "DeleteObjectVersion"), resources: [`${buckets}/*`] },
    { actions: actions("rds", "ModifyDBInstance"), resources: [account.arn("rds", `db:${prefix}-*`)] },
    { actions: actions("dynamodb", "UpdateTable"), resources: [account.arn("dynamodb", `table/${prefix}-*`)] },
  ];
}
