import type { Construct } from "constructs";
import { Account } from "../account";
import { type Access, type AccessScope, actions, tagged } from "./access";

/** Keys have no names but their aliases: theirs are told by tags. */
export function keyAccess(scope: Construct, { prefix, tags }: AccessScope): Access {
  const account = Account.of(scope);
  const keys = [account.arn("kms", "key/*")];
  const aliases = [account.arn("kms", `alias/${prefix}-*`)];
  const ours = tagged("ResourceTag", tags);
  return {
    read: [
      {
        actions: actions("kms", "DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags"),
        resources: keys,
        conditions: ours,
      },
      { actions: actions("kms", "ListAliases"), resources: ["*"] },
      // An artifact's head is read by the plan, and S3 decrypts for it.
      { actions: actions("kms", "Decrypt"), resources: keys, conditions: ours },
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
          "GenerateDataKey",
          "Encrypt",
          "CreateAlias",
          "UpdateAlias",
        ),
        resources: keys,
        conditions: ours,
      },
      // TagResource is asked for a key that is being made, too.
      { actions: actions("kms", "TagResource"), resources: keys, conditions: tagged("RequestTag", tags) },
      { actions: actions("kms", "CreateAlias", "UpdateAlias"), resources: aliases },
      // RDS and Lambda keep the use of a key by a grant.
      {
        actions: actions("kms", "CreateGrant"),
        resources: keys,
        conditions: { ...ours, Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ],
    remove: [
      { actions: actions("kms", "ScheduleKeyDeletion", "DeleteAlias"), resources: keys, conditions: ours },
      { actions: actions("kms", "DeleteAlias"), resources: aliases },
    ],
  };
}
