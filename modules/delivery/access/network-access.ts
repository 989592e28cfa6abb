import type { Construct } from "constructs";
import { Account } from "../../account";
import { type Access, type AccessScope, actions, tagged } from "./access";

export interface NetworkAccessScope extends AccessScope {
  /** A VPC that is not ours, in which security groups are made. @default none */
  readonly existingVpcId?: string;
  /** The VPC whose interfaces may be removed. */
  readonly vpcId: string;
}

/**
 * EC2 gives networks no names: what is made must be given our tags, what is changed or removed must have them
 * ("Tag resources during creation", Amazon EC2 user guide).
 */
export function networkAccess(scope: Construct, { tags, existingVpcId, vpcId }: NetworkAccessScope): Access {
  const account = Account.of(scope);
  const kinds = (...names: readonly string[]) => names.map((kind) => account.arn("ec2", `${kind}/*`));
  // IAM takes no wildcard for the kind of resource alone.
  const everything = [account.arn("ec2", "*")];
  const ours = tagged("ResourceTag", tags);
  return {
    read: [{ actions: looks, resources: ["*"] }],
    write: [
      // The tags of a request count for each resource that it names, the subnet's VPC as well. So what a creation is
      // allowed by them is the new resource alone, never the kind of resource that another creation is made in.
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
      // Lambda's interfaces have no tags of ours, and a group or subnet goes after they have gone.
      {
        actions: actions("ec2", "DeleteNetworkInterface", "DetachNetworkInterface"),
        resources: kinds("network-interface"),
        conditions: { ArnEquals: { "ec2:Vpc": account.arn("ec2", `vpc/${vpcId}`) } },
      },
      // Who detaches names the instance, too; it is Lambda's.
      { actions: actions("ec2", "DetachNetworkInterface"), resources: kinds("instance") },
    ],
  };
}

/**
 * EC2 checks its lists against no resource, so that they show all of the account: only those that the provider asks for.
 * Others tell secrets, of instances what they were started with, of VPN connections their keys.
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

/** What is made → the actions that make it. */
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
