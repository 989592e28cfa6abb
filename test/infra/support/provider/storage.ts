import { type Call, type CallTable, calls, keyVia, on, passRole } from "./resource-calls";

const bucket = "arn:aws:s3:::{bucket}";
const rds = (kind: string) => `arn:aws:rds:eu-central-1:111122223333:${kind}`;
const rdsTags = calls("rds", "AddTagsToResource", "RemoveTagsFromResource");
/** "Password management with Amazon RDS and AWS Secrets Manager", RDS user guide: rights of who makes the database. */
const managedSecret: readonly Call[] = [
  ...on(secretOf("?"), "secretsmanager", "CreateSecret", "TagResource"),
  ...keyVia("secretsmanager", "{master_user_secret_kms_key_id}", "Decrypt", "GenerateDataKey"),
  ...keyVia("rds", "{kms_key_id}", "DescribeKey", "CreateGrant", "Decrypt", "Encrypt", "GenerateDataKey"),
];
const instance = rds("db:{identifier}");
/** With what the instance belongs to: the Service Authorization Reference's resource types of the action. */
export const modifyInstance: readonly Call[] = [
  "rds:ModifyDBInstance",
  ...on(rds("pg:{parameter_group_name}"), "rds", "ModifyDBInstance"),
  ...on(rds("subgrp:{db_subnet_group_name}"), "rds", "ModifyDBInstance"),
  ...on(rds("og:default:postgres-17"), "rds", "ModifyDBInstance"),
];
/** A setting of a bucket, whose removal is the same action with nothing in it. */
const setting = (source: string, put: string, get: string) => ({
  source,
  arn: bucket,
  settle: [put],
  read: [get],
  update: [put],
  remove: [put],
});

function secretOf(id: string): string {
  return `arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-${id}`;
}

export const storage: CallTable = {
  aws_s3_bucket: {
    source: "s3/bucket.go",
    arn: bucket,
    make: calls("s3", "CreateBucket"),
    settle: calls("s3", "PutBucketTagging"),
    read: [
      ...calls("s3", "ListBucket", "GetBucketPolicy", "GetBucketAcl", "GetBucketCORS", "GetBucketWebsite"),
      ...calls("s3", "GetBucketVersioning", "GetAccelerateConfiguration", "GetBucketRequestPayment"),
      ...calls("s3", "GetBucketLogging", "GetLifecycleConfiguration", "GetReplicationConfiguration"),
      ...calls("s3", "GetEncryptionConfiguration", "GetBucketObjectLockConfiguration", "GetBucketLocation"),
      ...calls("s3", "GetBucketTagging"),
    ],
    update: ["s3:PutBucketTagging"],
    remove: ["s3:DeleteBucket"],
  },
  aws_s3_bucket_policy: {
    source: "s3/bucket_policy.go",
    arn: bucket,
    settle: ["s3:PutBucketPolicy"],
    read: ["s3:GetBucketPolicy"],
    update: ["s3:PutBucketPolicy"],
    remove: ["s3:DeleteBucketPolicy"],
  },
  aws_s3_bucket_public_access_block: setting(
    "s3/bucket_public_access_block.go",
    "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketPublicAccessBlock",
  ),
  aws_s3_bucket_ownership_controls: setting(
    "s3/bucket_ownership_controls.go",
    "s3:PutBucketOwnershipControls",
    "s3:GetBucketOwnershipControls",
  ),
  aws_s3_bucket_server_side_encryption_configuration: setting(
    "s3/bucket_server_side_encryption_configuration.go",
    "s3:PutEncryptionConfiguration",
    "s3:GetEncryptionConfiguration",
  ),
  aws_s3_bucket_versioning: setting("s3/bucket_versioning.go", "s3:PutBucketVersioning", "s3:GetBucketVersioning"),
  aws_s3_bucket_lifecycle_configuration: setting(
    "s3/bucket_lifecycle_configuration.go",
    "s3:PutLifecycleConfiguration",
    "s3:GetLifecycleConfiguration",
  ),
  aws_s3_bucket_logging: setting("s3/bucket_logging.go", "s3:PutBucketLogging", "s3:GetBucketLogging"),
  aws_s3_bucket_notification: setting(
    "s3/bucket_notification.go",
    "s3:PutBucketNotification",
    "s3:GetBucketNotification",
  ),
  aws_s3_object: {
    source: "s3/object.go, s3/delete.go (deleteAllObjectVersions)",
    arn: `${bucket}/{key}`,
    make: [
      ...calls("s3", "PutObject", "PutObjectTagging"),
      ...keyVia("s3", "arn:aws:kms:eu-central-1:111122223333:key/?", "GenerateDataKey", "Decrypt"),
    ],
    read: [
      ...calls("s3", "GetObject", "GetObjectTagging"),
      ...on(bucket, "s3", "ListBucket"),
      ...keyVia("s3", "arn:aws:kms:eu-central-1:111122223333:key/?", "Decrypt"),
    ],
    update: ["s3:PutObject", "s3:PutObjectTagging"],
    remove: [...calls("s3", "DeleteObject", "DeleteObjectVersion"), ...on(bucket, "s3", "ListBucketVersions")],
  },
  aws_dynamodb_table: {
    source: "dynamodb/table.go",
    arn: "arn:aws:dynamodb:eu-central-1:111122223333:table/{name}",
    make: [
      ...calls("dynamodb", "CreateTable", "TagResource"),
      ...keyVia("dynamodb", "{server_side_encryption.kms_key_arn}", "Encrypt", "Decrypt", "ReEncryptFrom"),
      ...keyVia("dynamodb", "{server_side_encryption.kms_key_arn}", "ReEncryptTo", "GenerateDataKey", "DescribeKey"),
      ...keyVia("dynamodb", "{server_side_encryption.kms_key_arn}", "CreateGrant"),
    ],
    settle: calls("dynamodb", "UpdateContinuousBackups", "UpdateTimeToLive"),
    read: calls("dynamodb", "DescribeTable", "DescribeContinuousBackups", "DescribeTimeToLive", "ListTagsOfResource"),
    update: calls(
      "dynamodb",
      "UpdateTable",
      "UpdateContinuousBackups",
      "UpdateTimeToLive",
      "TagResource",
      "UntagResource",
    ),
    remove: ["dynamodb:DeleteTable"],
  },
  aws_db_instance: {
    source: "rds/instance.go (findDBInstanceByID: filter dbi-resource-id)",
    arn: instance,
    make: [
      ...calls("rds", "CreateDBInstance", "AddTagsToResource"),
      ...on(rds("subgrp:{db_subnet_group_name}"), "rds", "CreateDBInstance"),
      ...on(rds("pg:{parameter_group_name}"), "rds", "CreateDBInstance"),
      ...on(rds("og:default:postgres-17"), "rds", "CreateDBInstance"),
      passRole("{monitoring_role_arn}", "monitoring.rds"),
      ...managedSecret,
      {
        action: "iam:CreateServiceLinkedRole",
        on: "arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
        context: { "iam:AWSServiceName": "rds.amazonaws.com" },
      },
    ],
    read: [...on(rds("db:*"), "rds", "DescribeDBInstances"), ...calls("rds", "ListTagsForResource")],
    update: [
      "rds:RebootDBInstance",
      ...modifyInstance,
      passRole("{monitoring_role_arn}", "monitoring.rds"),
      ...rdsTags,
    ],
    remove: [
      "rds:DeleteDBInstance",
      "rds:CreateDBSnapshot",
      ...on(rds("snapshot:{final_snapshot_identifier}"), "rds", "CreateDBSnapshot", "AddTagsToResource"),
    ],
  },
  aws_db_subnet_group: {
    source: "rds/subnet_group.go; what RDS asks of EC2: the managed policy AmazonRDSFullAccess",
    arn: rds("subgrp:{name}"),
    make: [
      ...calls("rds", "CreateDBSubnetGroup", "AddTagsToResource"),
      ...on("*", "ec2", "DescribeAccountAttributes", "DescribeAvailabilityZones", "DescribeVpcs", "DescribeSubnets"),
    ],
    read: calls("rds", "DescribeDBSubnetGroups", "ListTagsForResource"),
    update: ["rds:ModifyDBSubnetGroup", ...rdsTags],
    remove: ["rds:DeleteDBSubnetGroup"],
  },
  aws_db_parameter_group: {
    source: "rds/parameter_group.go",
    arn: rds("pg:{name}"),
    make: calls("rds", "CreateDBParameterGroup", "AddTagsToResource"),
    settle: ["rds:ModifyDBParameterGroup"],
    read: calls("rds", "DescribeDBParameterGroups", "DescribeDBParameters", "ListTagsForResource"),
    update: [...calls("rds", "ModifyDBParameterGroup", "ResetDBParameterGroup"), ...rdsTags],
    remove: ["rds:DeleteDBParameterGroup"],
  },
};
