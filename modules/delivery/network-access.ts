import type { Construct } from "constructs";
import { Account } from "../account";
import { type Access, type AccessScope, actions, tagged } from "./access";

export interface NetworkAccessScope extends AccessScope {
  /** A VPC that is not ours, in which security groups are made. @default none */
  readonly existingVpcId?: string;
}

/**
 * EC2 gives networks no names: what is made must be given our tags, what is changed or removed must have them
 * ("Tag resources during creation", Amazon EC2 user guide).
 */
export function networkAccess(scope: Construct, { tags, existingVpcId }: NetworkAccessScope): Access {
  const account = Account.of(scope);
  const everything = [account.arn("ec2", "*/*")];
  const ours = tagged("ResourceTag", tags);
  const groups = account.arn("ec2", "security-group/*");
  return {
    read: [{ actions: actions("ec2", "Describe*", "GetManagedPrefixListEntries"), resources: ["*"] }],
    write: [
      { actions: creations, resources: everything, conditions: tagged("RequestTag", tags) },
      { actions: [...creations, ...changes], resources: everything, conditions: ours },
      {
        actions: actions("ec2", "CreateTags"),
        resources: everything,
        conditions: { StringEquals: { "ec2:CreateAction": creations.map((action) => action.replace("ec2:", "")) } },
      },
      // A new VPC's default group has no tags yet when it is closed.
      {
        actions: actions("ec2", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress", "CreateTags"),
        resources: [groups],
        conditions: { Null: { "aws:ResourceTag/Project": "true" } },
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
    remove: [{ actions: removals, resources: everything, conditions: ours }],
  };
}

const creations = actions(
  "ec2",
  "CreateVpc",
  "CreateSubnet",
  "CreateRouteTable",
  "CreateInternetGateway",
  "CreateNatGateway",
  "AllocateAddress",
  "CreateSecurityGroup",
  "AuthorizeSecurityGroupIngress",
  "AuthorizeSecurityGroupEgress",
  "CreateVpcEndpoint",
  "CreateFlowLogs",
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
  "DisassociateRouteTable",
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
