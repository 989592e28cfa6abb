import type { Construct } from "constructs";
import { Account } from "../../account";
import { type Access, type AccessScope, actions, tagged } from "./access";

export interface NetworkAccessScope extends AccessScope {
  /** A VPC that is not ours, in which security groups are created. @default none */
  readonly existingVpcId?: string;
  /** The VPC whose interfaces may be removed. */
  readonly vpcId: string;
}

/**
 * EC2 resources have no names: new ones must get our tags; those that are changed or removed must have them ("Tag
 * resources during creation", Amazon EC2 user guide).
 */
export function networkAccess(scope: Construct, { tags, existingVpcId, vpcId }: NetworkAccessScope): Access {
  const account = Account.of(scope);
  const kinds = (...names: readonly string[]) => names.map((kind) => account.arn("ec2", `${kind}/*`));
  // IAM allows no wildcard for the resource type alone.
  const everything = [account.arn("ec2", "*")];
  const ours = tagged("ResourceTag", tags);
  return {
    read: [{ actions: looks, resources: ["*"] }],
    write: [
      // The tags of a request count for each resource that it names, the subnet's VPC as well. So these conditions
      // allow a creation for the new resource only, never for the type of resource that another one is created in.
      ...creations.map(([made, names]) => ({
        actions: actions("ec2", ...names),
        resources: kinds(...made),
        conditions: tagged("RequestTag", tags),
      })),
      { actions: [...madeInOurs, ...changes], resources: everything, conditions: ours },
      {
        actions: actions("ec2", "CreateTags"),
        resources: everything,
        conditions: { StringEquals: { "ec2:CreateAction": creations.flatMap(([, names]) => names) } },
      },
      // An interface endpoint's private name is a hosted zone of AWS's.
      {
        actions: actions("route53", "AssociateVPCWithHostedZone"),
        resources: [`arn:${account.partition}:route53:::hostedzone/*`],
      },
      ...(existingVpcId === undefined
        ? []
        : [
            { actions: actions("ec2", "CreateSecurityGroup"), resources: [account.arn("ec2", `vpc/${existingVpcId}`)] },
          ]),
    ],
    remove: [
      { actions: removals, resources: everything, conditions: ours },
      // Lambda's interfaces do not have our tags, and a group or subnet can be deleted only after them.
      {
        actions: actions("ec2", "DeleteNetworkInterface", "DetachNetworkInterface"),
        resources: kinds("network-interface"),
        conditions: { ArnEquals: { "ec2:Vpc": account.arn("ec2", `vpc/${vpcId}`) } },
      },
      // A detachment names the instance, too, which is Lambda's.
      { actions: actions("ec2", "DetachNetworkInterface"), resources: kinds("instance") },
    ],
  };
}

/**
 * EC2 cannot limit its lists to resources, so they show the whole account: only those that the provider needs are
 * allowed. Others reveal secrets: user data of instances, keys of VPN connections.
 */
const looks = actions(
  "ec2",
  "DescribeVpc*",
  "DescribeSubnets",
  "DescribeRouteTables",
  "DescribeInternetGateways",
  "DescribeNatGateways",
  "DescribeAddresses*",
  "DescribeSecurityGroup*",
  "DescribeNetworkAcls",
  "DescribeNetworkInterfaces",
  "DescribePrefixLists",
  "DescribeFlowLogs",
  "DescribeAvailabilityZones",
  "DescribeAccountAttributes",
);

/** Resource type → the actions that create it. */
const creations: readonly (readonly [readonly string[], readonly string[]])[] = [
  [["vpc"], ["CreateVpc"]],
  [
    ["subnet", "route-table", "internet-gateway", "elastic-ip", "security-group"],
    ["CreateSubnet", "CreateRouteTable", "CreateInternetGateway", "AllocateAddress", "CreateSecurityGroup"],
  ],
  [
    ["natgateway", "vpc-endpoint", "vpc-flow-log", "security-group-rule"],
    [
      "CreateNatGateway",
      "CreateVpcEndpoint",
      "CreateFlowLogs",
      "AuthorizeSecurityGroupIngress",
      "AuthorizeSecurityGroupEgress",
    ],
  ],
];

const madeInOurs = actions(
  "ec2",
  "CreateSubnet",
  "CreateRouteTable",
  "CreateSecurityGroup",
  "CreateNatGateway",
  "CreateVpcEndpoint",
  "CreateFlowLogs",
  "AuthorizeSecurityGroupIngress",
  "AuthorizeSecurityGroupEgress",
);

const changes = actions(
  "ec2",
  "ModifyVpcAttribute",
  "ModifySubnetAttribute",
  "ModifyVpcEndpoint",
  "ModifySecurityGroupRules",
  "RevokeSecurityGroupIngress",
  "RevokeSecurityGroupEgress",
  "AttachInternetGateway",
  "AssociateRouteTable",
  "ReplaceRouteTableAssociation",
  "CreateRoute",
  "ReplaceRoute",
  "CreateTags",
  "DeleteTags",
);

const removals = actions(
  "ec2",
  "DeleteVpc",
  "DeleteSubnet",
  "DeleteRouteTable",
  "DeleteRoute",
  "DisassociateRouteTable",
  "DetachInternetGateway",
  "DeleteInternetGateway",
  "DeleteNatGateway",
  "DisassociateAddress",
  "ReleaseAddress",
  "RevokeSecurityGroupIngress",
  "RevokeSecurityGroupEgress",
  "DeleteSecurityGroup",
  "DeleteVpcEndpoints",
  "DeleteFlowLogs",
);
