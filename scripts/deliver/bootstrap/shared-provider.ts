import { type IAMClient, paginateListRoles } from "@aws-sdk/client-iam";
import { bootstrapName } from "../../../config/names";
import type { Config } from "../../../config/schema";
import { MillraceError } from "../../../etl/core/errors";

const PROVIDER = ':oidc-provider/token.actions.githubusercontent.com"';

/**
 * An account has one provider of GitHub's identities: the environment that created it deletes it with its state
 * backend.
 *
 * @throws MillraceError while roles of others trust it: no workflow could assume them any more
 */
export async function refuseSharedProvider(
  iam: IAMClient,
  config: Pick<Config, "project" | "environment" | "github">,
): Promise<void> {
  if (config.github.oidcProvider !== "create") return;
  const others: string[] = [];
  for await (const { Roles = [] } of paginateListRoles({ client: iam }, {})) {
    for (const { RoleName = "", AssumeRolePolicyDocument = "" } of Roles) {
      if (RoleName.startsWith(`${bootstrapName(config)}-`)) continue;
      if (decodeURIComponent(AssumeRolePolicyDocument).includes(PROVIDER)) others.push(RoleName);
    }
  }
  if (others.length === 0) return;
  throw new MillraceError(
    "Nothing was destroyed: roles of others trust GitHub's identity provider, which would be deleted, too",
    {
      got: others.join(", "),
      expected: "no such role",
      fix: "Remove them first: those of another environment with ENVIRONMENT=NAME npm run bootstrap -- --destroy",
    },
  );
}
