import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { TerraformStack } from "cdktf";
import type { Config } from "../config/schema";
import { Account } from "../modules/account";
import { boundaryName } from "./delivery-roles";

/**
 * Sets the bootstrap's permissions boundary on every role of a finished stack; the deploy role can create no others.
 */
export function limitRoles(stack: TerraformStack, config: Config): void {
  const boundary = Account.of(stack).globalArn("iam", `policy/${boundaryName(config)}`);
  for (const construct of stack.node.findAll()) {
    if (construct instanceof IamRole) construct.permissionsBoundary = boundary;
  }
}
