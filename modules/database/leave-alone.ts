import { TerraformElement, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * Has Terraform forget a resource that its state may still have, and leave it in AWS as it is: without this it would
 * destroy what is not in the configuration any more.
 *
 * @param id what the resource's construct was, or would be, called in `scope`
 * @param type for example `aws_db_instance`
 */
export function leaveAlone(scope: Construct, id: string, type: string): void {
  const { friendlyUniqueId } = new TerraformElement(scope, id, type);
  scope.node.tryRemoveChild(id);
  TerraformStack.of(scope).addOverride("removed", [
    { from: `${type}.${friendlyUniqueId}`, lifecycle: { destroy: false } },
  ]);
}
