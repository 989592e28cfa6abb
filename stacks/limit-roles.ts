import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { TerraformStack } from "cdktf";
import type { Config } from "../config/schema";
import { Account } from "../modules/account";
import { boundaryName } from "./delivery-roles";

/** Bounds every role of a finished stack by the policy that the bootstrap made; the deploy role can make no other. */
export function limitRoles(stack: TerraformStack, config: Config): void {
  const boundary = Account.of(stack).globalArn("iam", `policy/${boundaryName(config)}`);
  for (const construct of stack.node.findAll()) {
    if (construct instanceof IamRole) construct.permissionsBoundary = boundary;
  }
}
