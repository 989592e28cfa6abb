import type { Construct } from "constructs";
import type { Database } from "../../modules/database";
import type { NodeFunctionProps } from "../../modules/node-function";
import { SecurityGroup } from "../../modules/security-group";
import type { Platform } from "./platform";

/** Where a function runs that has the database and S3: in the private subnets, with a way to these and to its secret. */
export function createDatabaseNetwork(
  scope: Construct,
  id: string,
  {
    name,
    platform: { network },
    database,
  }: { readonly name: string; readonly platform: Platform; readonly database: Database },
): Required<NodeFunctionProps>["network"] {
  const securityGroup = new SecurityGroup(scope, id, {
    name,
    description: `${name}: to the database, S3 and Secrets Manager only`,
    vpcId: network.vpcId,
  });
  securityGroup.allowTo("s3", { prefixListId: network.s3PrefixListId }, 443, "S3 through its gateway endpoint");
  securityGroup.allowTo("secrets", { cidr: network.httpsCidr }, 443, "Secrets Manager");
  database.allowConnections(name, securityGroup);
  return { subnetIds: network.privateSubnetIds, securityGroup };
}
