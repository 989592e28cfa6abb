import { type IAMClient, paginateListEntitiesForPolicy, paginateListPolicies } from "@aws-sdk/client-iam";
import { bootstrapName } from "../../../config/names";
import type { Config } from "../../../config/schema";
import { MillraceError } from "../../../etl/core/errors";

type Named = Pick<Config, "project" | "environment">;

/** The policies that the state backend creates: those for people, and the boundary of all roles. */
export function backendPolicies(config: Named): readonly string[] {
  return ["reader", "operator", "links", "boundary"].map((kind) => bootstrapName(config, kind));
}

/**
 * IAM deletes no attached policy, and Terraform would notice only when half of the state backend is gone.
 *
 * @throws MillraceError while users, groups or roles of others have one of its policies
 */
export async function refuseAttachedPolicies(iam: IAMClient, config: Named): Promise<void> {
  const names = backendPolicies(config);
  const holders: string[] = [];
  for await (const { Policies = [] } of paginateListPolicies({ client: iam }, { Scope: "Local" })) {
    for (const { PolicyName = "", Arn } of Policies) {
      if (!names.includes(PolicyName)) continue;
      for (const holder of await holdersOf(iam, Arn)) holders.push(`${holder} has ${PolicyName}`);
    }
  }
  if (holders.length === 0) return;
  throw new MillraceError("Nothing was destroyed: a policy to delete is attached, which IAM refuses", {
    got: holders.join(", "),
    expected: "policies that are not attached",
    fix: "Detach them first, each where it was attached: aws iam detach-role-policy, detach-user-policy or detach-group-policy, or the permission set",
  });
}

async function holdersOf(iam: IAMClient, PolicyArn: string | undefined): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of paginateListEntitiesForPolicy({ client: iam }, { PolicyArn })) {
    const { PolicyRoles = [], PolicyUsers = [], PolicyGroups = [] } = page;
    found.push(...PolicyRoles.map(({ RoleName }) => `role ${RoleName}`));
    found.push(...PolicyUsers.map(({ UserName }) => `user ${UserName}`));
    found.push(...PolicyGroups.map(({ GroupName }) => `group ${GroupName}`));
  }
  return found;
}
