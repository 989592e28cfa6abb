import type { RDSClient } from "@aws-sdk/client-rds";
import { databaseInstances } from "../../../config/names";
import type { Config } from "../../../config/schema";
import { findInstance } from "../../ops/restore/find-instance";
import { type StackResource, textsOf } from "../workflow/data/stack-resources";

/**
 * Database instances that are in no state, as after a restore: they use groups that a destruction would delete, which
 * AWS would refuse only after everything else is deleted. Without those already being deleted.
 */
export async function leftInstances(
  rds: RDSClient,
  config: Pick<Config, "project" | "environment" | "database">,
  resources: readonly StackResource[],
): Promise<readonly string[]> {
  if (config.database.mode === "existing") return [];
  const ours = textsOf(resources, "aws_db_instance", "identifier");
  const others = databaseInstances(config).filter((name) => !ours.includes(name));
  const found = await Promise.all(others.map((name) => findInstance(rds, name)));
  return others.filter((_, at) => found[at] !== undefined && found[at]?.DBInstanceStatus !== "deleting");
}
