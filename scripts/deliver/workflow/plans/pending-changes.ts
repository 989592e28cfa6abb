import { DescribeDBInstancesCommand, type PendingModifiedValues, type RDSClient } from "@aws-sdk/client-rds";
import * as z from "zod";
import { changeKind } from "../../plan-review/change-kind";
import type { Plan } from "../../plan-review/plan";
import { WINDOW_ATTRIBUTES } from "../../plan-review/window-changes";

const instanceSchema = z.object({ identifier: z.string() });

/**
 * For the databases that a plan would update, by address: changes that were already requested from RDS and wait for its
 * maintenance window, by Terraform's names. Terraform reads the current values, and plans the same change until it is
 * made.
 */
export async function findPending(
  { resource_changes }: Plan,
  ask: (identifier: string) => Promise<PendingModifiedValues>,
): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> {
  const found: Record<string, Readonly<Record<string, unknown>>> = {};
  for (const resource of resource_changes) {
    if (resource.type !== "aws_db_instance" || changeKind(resource) !== "update") continue;
    const values = await ask(instanceSchema.parse(resource.change.before).identifier);
    const pending = Object.entries(WINDOW_ATTRIBUTES).flatMap(([attribute, name]) => {
      const value: unknown = Reflect.get(values, name);
      return value === undefined ? [] : [[attribute, value] as const];
    });
    if (pending.length > 0) found[resource.address] = Object.fromEntries(pending);
  }
  return found;
}

export async function pendingValues(rds: RDSClient, DBInstanceIdentifier: string): Promise<PendingModifiedValues> {
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
  return DBInstances[0]?.PendingModifiedValues ?? {};
}
