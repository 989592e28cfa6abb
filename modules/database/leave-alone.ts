import { TerraformElement, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * Makes Terraform forget a resource that its state may still have, and leave it in AWS as it is: otherwise Terraform
 * would destroy what is no longer in the configuration.
 *
 * @param id the name that the resource's construct had, or would have, in `scope`
 * @param type for example `aws_db_instance`
 */
export function leaveAlone(scope: Construct, id: string, type: string): void {
  const { friendlyUniqueId } = new TerraformElement(scope, id, type);
  scope.node.tryRemoveChild(id);
  TerraformStack.of(scope).addOverride("removed", [
    { from: `${type}.${friendlyUniqueId}`, lifecycle: { destroy: false } },
  ]);
}
