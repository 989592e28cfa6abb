import { QuicksightVpcConnection } from "@cdktf/provider-aws/lib/quicksight-vpc-connection";
import { Construct } from "constructs";
import type { Database } from "../database/database";
import { ServiceRole } from "../function/service-role";
import { SecurityGroup } from "../network/security-group";

export interface DatabaseConnectionProps {
  readonly name: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly database: Database;
}

/** QuickSight's network interfaces in the private subnets, which reach only the database. */
export class DatabaseConnection extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, vpcId, subnetIds, database }: DatabaseConnectionProps) {
    super(scope, id);
    const group = new SecurityGroup(this, "group", {
      name,
      description: `${name}: QuickSight, to the database only`,
      vpcId,
    });
    database.allowConnections(name, group);
    group.allowAnswersFrom("database", database.securityGroupId);
    const role = new ServiceRole(this, "role", {
      name,
      description: "QuickSight's network interfaces",
      service: "quicksight.amazonaws.com",
      namesAccount: false,
    });
    // "Configuring the VPC connection with the QuickSight CLI", QuickSight user guide: checked on any interface.
    role.allow({
      sid: "PlaceInNetwork",
      actions: [
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:ModifyNetworkInterfaceAttribute",
      ],
      resources: ["*"],
    });
    this.arn = new QuicksightVpcConnection(this, "connection", {
      dependsOn: [role.policy],
      vpcConnectionId: name,
      name,
      roleArn: role.arn,
      securityGroupIds: [group.id],
      subnetIds: [...subnetIds],
    }).arn;
  }
}
