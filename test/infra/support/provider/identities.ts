import { type Call, type CallTable, calls, on } from "./resource-calls";

const bounded = (action: string): Call => ({
  action,
  context: { "iam:PermissionsBoundary": "{permissions_boundary}" },
});
/** What no request of Terraform goes out for: computed by the provider or by Terraform itself. */
const nothing = (source: string) => ({ source, arn: "*", read: [] });

export const identities: CallTable = {
  aws_kms_key: {
    source: "kms/key.go",
    arn: "arn:aws:kms:eu-central-1:111122223333:key/{id}",
    make: [...on("*", "kms", "CreateKey"), "kms:TagResource"],
    settle: ["kms:EnableKeyRotation"],
    read: calls("kms", "DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags"),
    update: [
      ...calls("kms", "PutKeyPolicy", "UpdateKeyDescription", "EnableKeyRotation", "TagResource", "UntagResource"),
    ],
    remove: ["kms:ScheduleKeyDeletion"],
  },
  aws_kms_alias: {
    source: "kms/alias.go; KMS asks for alias and key",
    arn: "arn:aws:kms:eu-central-1:111122223333:{name}",
    settle: ["kms:CreateAlias", ...on("{target_key_id}", "kms", "CreateAlias")],
    read: on("*", "kms", "ListAliases"),
    update: ["kms:UpdateAlias", ...on("{target_key_id}", "kms", "UpdateAlias")],
    remove: ["kms:DeleteAlias", ...on("{target_key_id}", "kms", "DeleteAlias")],
  },
  aws_iam_role: {
    source: "iam/role.go",
    arn: "arn:aws:iam::111122223333:role/{name}",
    make: [bounded("iam:CreateRole"), "iam:TagRole"],
    read: calls("iam", "GetRole", "ListRolePolicies", "GetRolePolicy", "ListAttachedRolePolicies"),
    update: [
      ...calls("iam", "UpdateRole", "UpdateRoleDescription", "UpdateAssumeRolePolicy", "TagRole", "UntagRole"),
      bounded("iam:PutRolePermissionsBoundary"),
    ],
    remove: calls("iam", "ListInstanceProfilesForRole", "DeleteRole"),
  },
  aws_iam_role_policy: {
    source: "iam/role_policy.go",
    arn: "arn:aws:iam::111122223333:role/{role}",
    settle: [{ action: "iam:PutRolePolicy", context: { "iam:PermissionsBoundary": "{role.permissions_boundary}" } }],
    read: ["iam:GetRolePolicy"],
    update: [{ action: "iam:PutRolePolicy", context: { "iam:PermissionsBoundary": "{role.permissions_boundary}" } }],
    remove: ["iam:DeleteRolePolicy"],
  },
  "data.aws_caller_identity": nothing("sts/caller_identity_data_source.go: GetCallerIdentity is always allowed"),
  "data.aws_region": nothing("meta/region_data_source.go"),
  "data.aws_partition": nothing("meta/partition_data_source.go"),
  "data.aws_iam_policy_document": nothing("iam/policy_document_data_source.go"),
  "data.archive_file": nothing("hashicorp/terraform-provider-archive"),
  "data.terraform_remote_state": nothing(
    "hashicorp/terraform: the state's own rights, test/infra/delivery-roles.test.ts",
  ),
  random_id: nothing("hashicorp/terraform-provider-random"),
  random_string: nothing("hashicorp/terraform-provider-random"),
};
