import type { Construct } from "constructs";
import type { Database } from "../../../modules/database/database";
import type { NodeFunctionProps } from "../../../modules/function/node-function";
import { SecurityGroup } from "../../../modules/network/security-group";
import type { Platform } from "../platform";

export interface DatabaseNetworkProps {
  readonly name: string;
  readonly platform: Platform;
  readonly database: Database;
  /** Whether the function reaches S3, too. @default true */
  readonly s3?: boolean;
}

/**
 * The network of a function that uses the database: in the private subnets, with access to it, to its secret and to S3.
 */
export function createDatabaseNetwork(
  scope: Construct,
  id: string,
  { name, platform: { network }, database, s3 = true }: DatabaseNetworkProps,
): Required<NodeFunctionProps>["network"] {
  const securityGroup = new SecurityGroup(scope, id, {
    name,
    description: `${name}: to the database${s3 ? ", S3" : ""} and Secrets Manager only`,
    vpcId: network.vpcId,
  });
  if (s3) {
    securityGroup.allowTo("s3", { prefixListId: network.s3PrefixListId }, 443, "S3 through its gateway endpoint");
  }
  securityGroup.allowTo("secrets", { cidr: network.httpsCidr }, 443, "Secrets Manager");
  database.allowConnections(name, securityGroup);
  return { subnetIds: network.privateSubnetIds, securityGroup };
}
