import type { Construct } from "constructs";
import { Account } from "../../account";
import type { Conditions } from "../../function/policy";
import { type Access, type AccessScope, actions, tagged, taggedIfAny } from "./access";

/** Keys have no names except their aliases: ours are recognised by tags. */
export function keyAccess(scope: Construct, { prefix, tags }: AccessScope): Access {
  const account = Account.of(scope);
  const keys = [account.arn("kms", "key/*")];
  const aliases = [account.arn("kms", `alias/${prefix}-*`)];
  const ours = tagged("ResourceTag", tags);
  /** Only if one of these services asks on behalf of its caller. */
  const oursBy = (...services: readonly string[]): Conditions => ({
    StringEquals: {
      ...ours.StringEquals,
      "kms:ViaService": services.map((service) => `${service}.${account.region}.amazonaws.com`),
    },
  });
  return {
    read: [
      {
        actions: actions("kms", "DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags"),
        resources: keys,
        conditions: ours,
      },
      { actions: actions("kms", "ListAliases"), resources: ["*"] },
      // The provider looks up DynamoDB's default key, to recognise a table with another one.
      {
        actions: actions("kms", "DescribeKey"),
        resources: keys,
        conditions: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/aws/dynamodb" } },
      },
      // The plan reads an artifact's metadata, for which S3 decrypts.
      { actions: actions("kms", "Decrypt"), resources: keys, conditions: oursBy("s3") },
    ],
    write: [
      { actions: actions("kms", "CreateKey"), resources: ["*"], conditions: tagged("RequestTag", tags) },
      {
        actions: actions(
          "kms",
          "EnableKeyRotation",
          "PutKeyPolicy",
          "UpdateKeyDescription",
          "TagResource",
          "UntagResource",
          "CreateAlias",
          "UpdateAlias",
        ),
        resources: keys,
        conditions: ours,
      },
      // Creating a key needs TagResource, too. A new key has neither tags nor an alias; without that condition, any key
      // of the account could be made ours by tagging it.
      {
        actions: actions("kms", "TagResource"),
        resources: keys,
        conditions: {
          ...tagged("RequestTag", tags),
          ...taggedIfAny(tags),
          Null: { "kms:ResourceAliases": "true" },
        },
      },
      { actions: actions("kms", "CreateAlias", "UpdateAlias"), resources: aliases },
      // Permissions that services require of a caller that gives them a key: DynamoDB's guide, "Encryption at rest";
      // Lambda's, "Securing environment variables"; Scheduler's, "Encryption at rest"; RDS's, "Password management".
      {
        actions: actions("kms", "Encrypt", "Decrypt", "ReEncrypt*", "GenerateDataKey*"),
        resources: keys,
        conditions: oursBy("dynamodb", "lambda", "rds", "s3", "scheduler", "secretsmanager"),
      },
      // DynamoDB, Lambda and RDS keep access to a key through a grant.
      {
        actions: actions("kms", "CreateGrant"),
        resources: keys,
        conditions: { ...oursBy("dynamodb", "lambda", "rds"), Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ],
    remove: [
      { actions: actions("kms", "ScheduleKeyDeletion", "DeleteAlias"), resources: keys, conditions: ours },
      { actions: actions("kms", "DeleteAlias"), resources: aliases },
    ],
  };
}
