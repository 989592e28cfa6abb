import { isDeepStrictEqual } from "node:util";
import type { Plan, ResourceChange } from "../plan";
import { NETWORK_RULE_TYPES, networkRules } from "./network-rule";
import { policiesIn, policiesToCome } from "./policies-of";
import { policyDifference } from "./policy-difference";
import { memberOf, type Secrets } from "./secrets";
import { UNKNOWN, type VisibleChange } from "./visible-change";

/** Attributes, other than policies, that decide who may do what. */
const grants: Readonly<Record<string, readonly string[]>> = {
  aws_iam_role: ["permissions_boundary", "managed_policy_arns"],
  aws_iam_role_policy_attachment: ["role", "policy_arn"],
  aws_iam_user_policy_attachment: ["user", "policy_arn"],
  aws_iam_group_policy_attachment: ["group", "policy_arn"],
  aws_iam_openid_connect_provider: ["url", "client_id_list", "thumbprint_list"],
  aws_lambda_permission: ["function_name", "action", "principal", "source_arn", "source_account"],
  aws_kms_grant: ["grantee_principal", "operations"],
  aws_s3_bucket_public_access_block: [
    "block_public_acls",
    "block_public_policy",
    "ignore_public_acls",
    "restrict_public_buckets",
  ],
};

/** Attributes with a policy whose text is hidden or not known yet. */
const POLICY_ATTRIBUTES = ["policy", "assume_role_policy"];
/** Types whose policy is an argument; others report the policy set by a `…_policy` resource. */
const HAS_POLICY = /_policy$|^aws_iam_role$|^aws_kms_key$|^aws_vpc_endpoint$/;

/** Diff lines of what a change lets others do or reach; none if that does not change. */
export function accessDifference(
  resource: ResourceChange,
  visible: VisibleChange,
  plan: Plan,
  secrets: Secrets,
): readonly string[] {
  const { type } = resource;
  if (NETWORK_RULE_TYPES.has(type)) {
    return listDifference(networkRules(type, visible.before), networkRules(type, visible.after));
  }
  const before = policiesIn(visible.before);
  const after = new Map([...policiesIn(visible.after), ...policiesToCome(resource, visible, plan, secrets)]);
  const paths = new Set([...before.keys(), ...after.keys()]);
  const opaque = (Object.hasOwn(grants, type) ? grants[type] : undefined) ?? [];
  const hidden = HAS_POLICY.test(type) ? POLICY_ATTRIBUTES.filter((name) => !paths.has(name)) : [];
  return [
    ...[...paths].flatMap((path) => {
      const lines = policyDifference(before.get(path) ?? [], after.get(path) ?? []);
      return paths.size > 1 && lines.length > 0 ? [`  # ${path}`, ...lines] : lines;
    }),
    ...[...opaque, ...hidden].flatMap((name) =>
      valueDifference(name, memberOf(visible.before, name), memberOf(visible.after, name)),
    ),
  ];
}

function listDifference(before: readonly string[], after: readonly string[]): readonly string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}

function valueDifference(name: string, before: unknown, after: unknown): readonly string[] {
  if (isDeepStrictEqual(before, after)) return [];
  // Unset attributes are computed, and irrelevant.
  if (name === "managed_policy_arns" && before === undefined && after === UNKNOWN) return [];
  const line = (sign: string, value: unknown) =>
    value === undefined || value === null || value === ""
      ? []
      : [`${sign} ${name} ${typeof value === "string" ? value : JSON.stringify(value)}`];
  return [...line("-", before), ...line("+", after)];
}
