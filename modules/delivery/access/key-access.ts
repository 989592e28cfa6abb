import type { Construct } from "constructs";
import { Account } from "../../account";
import type { Conditions } from "../../function/policy";
import { type Access, type AccessScope, actions, tagged, taggedIfAny } from "./access";

/** Keys have no names but their aliases: theirs are told by tags. */
export function keyAccess(scope: Construct, { prefix, tags }: AccessScope): Access {
  const account = Account.of(scope);
  const keys = [account.arn("kms", "key/*")];
  const aliases = [account.arn("kms", `alias/${prefix}-*`)];
  const ours = tagged("ResourceTag", tags);
  /** Only where one of these services asks for who calls it. */
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
      // The provider looks up which key DynamoDB would take, to tell a table that has another one.
      {
        actions: actions("kms", "DescribeKey"),
        resources: keys,
        conditions: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/aws/dynamodb" } },
      },
      // An artifact's head is read by the plan, and S3 decrypts for it.
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
      // TagResource is asked for a key that is being made, too. That one has neither tags nor an alias: else any key
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
      // What services ask of who gives them a key: DynamoDB's guide, "Encryption at rest"; Lambda's, "Securing
      // environment variables"; Scheduler's, "Encryption at rest"; RDS's, "Password management".
      {
        actions: actions("kms", "Encrypt", "Decrypt", "ReEncrypt*", "GenerateDataKey*"),
        resources: keys,
        conditions: oursBy("dynamodb", "lambda", "rds", "s3", "scheduler", "secretsmanager"),
      },
      // DynamoDB, Lambda and RDS keep the use of a key by a grant.
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
