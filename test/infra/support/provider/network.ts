import { type CallTable, calls, on, passRole } from "./resource-calls";

const ec2 = (kind: string) => `arn:aws:ec2:eu-central-1:111122223333:${kind}/{id}`;
const tags = calls("ec2", "CreateTags", "DeleteTags");
/** deleteLingeringENIs: what Lambda left in a subnet or a group. */
const interfaces = [
  ...on("*", "ec2", "DescribeNetworkInterfaces"),
  ...["Delete", "Detach"].map((verb) => ({
    action: `ec2:${verb}NetworkInterface`,
    on: "arn:aws:ec2:eu-central-1:111122223333:network-interface/eni-0a1b2c3d",
    context: { "ec2:Vpc": "{vpc_id}" },
  })),
  ...on("arn:aws:ec2:eu-central-1:111122223333:instance/i-0a1b2c3d", "ec2", "DetachNetworkInterface"),
];
/** Tags that are given while something is made. */
const tagNew = (createAction: string) => ({
  action: "ec2:CreateTags",
  context: { "ec2:CreateAction": createAction },
});
const rule = (direction: string) => ({
  arn: ec2("security-group-rule"),
  make: [
    `ec2:AuthorizeSecurityGroup${direction}`,
    ...on("{security_group_id}", "ec2", `AuthorizeSecurityGroup${direction}`),
    tagNew(`AuthorizeSecurityGroup${direction}`),
  ],
  read: on("*", "ec2", "DescribeSecurityGroupRules"),
  update: ["ec2:ModifySecurityGroupRules", ...on("{security_group_id}", "ec2", "ModifySecurityGroupRules"), ...tags],
  remove: on("{security_group_id}", "ec2", `RevokeSecurityGroup${direction}`),
});

export const network: CallTable = {
  aws_vpc: {
    source: "ec2/vpc_.go",
    arn: ec2("vpc"),
    make: ["ec2:CreateVpc", tagNew("CreateVpc")],
    settle: ["ec2:ModifyVpcAttribute"],
    read: [
      "ec2:DescribeVpcAttribute",
      ...on("*", "ec2", "DescribeVpcs", "DescribeNetworkAcls", "DescribeRouteTables", "DescribeSecurityGroups"),
    ],
    update: ["ec2:ModifyVpcAttribute", ...tags],
    remove: ["ec2:DeleteVpc"],
  },
  aws_subnet: {
    source: "ec2/vpc_subnet.go, ec2/vpc_network_interface.go (deleteLingeringENIs)",
    arn: ec2("subnet"),
    make: ["ec2:CreateSubnet", ...on("{vpc_id}", "ec2", "CreateSubnet"), tagNew("CreateSubnet")],
    read: on("*", "ec2", "DescribeSubnets"),
    update: ["ec2:ModifySubnetAttribute", ...tags],
    remove: ["ec2:DeleteSubnet", ...interfaces],
  },
  aws_route_table: {
    source: "ec2/vpc_route_table.go",
    arn: ec2("route-table"),
    make: ["ec2:CreateRouteTable", ...on("{vpc_id}", "ec2", "CreateRouteTable"), tagNew("CreateRouteTable")],
    read: on("*", "ec2", "DescribeRouteTables"),
    update: tags,
    remove: calls("ec2", "DisassociateRouteTable", "DeleteRouteTable"),
  },
  aws_route_table_association: {
    source: "ec2/vpc_route_table_association.go",
    arn: "{route_table_id}",
    settle: ["ec2:AssociateRouteTable", ...on("{subnet_id}", "ec2", "AssociateRouteTable")],
    read: on("*", "ec2", "DescribeRouteTables"),
    update: ["ec2:ReplaceRouteTableAssociation", ...on("{subnet_id}", "ec2", "ReplaceRouteTableAssociation")],
    remove: ["ec2:DisassociateRouteTable", ...on("{subnet_id}", "ec2", "DisassociateRouteTable")],
  },
  aws_route: {
    source: "ec2/vpc_route.go",
    arn: "{route_table_id}",
    settle: ["ec2:CreateRoute"],
    read: on("*", "ec2", "DescribeRouteTables"),
    update: ["ec2:ReplaceRoute"],
    remove: ["ec2:DeleteRoute"],
  },
  aws_internet_gateway: {
    source: "ec2/vpc_internet_gateway.go",
    arn: ec2("internet-gateway"),
    make: ["ec2:CreateInternetGateway", tagNew("CreateInternetGateway")],
    settle: ["ec2:AttachInternetGateway", ...on("{vpc_id}", "ec2", "AttachInternetGateway")],
    read: on("*", "ec2", "DescribeInternetGateways"),
    update: tags,
    remove: [
      ...calls("ec2", "DetachInternetGateway", "DeleteInternetGateway"),
      ...on("{vpc_id}", "ec2", "DetachInternetGateway"),
    ],
  },
  aws_eip: {
    source: "ec2/ec2_eip.go",
    arn: ec2("elastic-ip"),
    make: ["ec2:AllocateAddress", tagNew("AllocateAddress")],
    read: on("*", "ec2", "DescribeAddresses", "DescribeAddressesAttribute"),
    update: tags,
    remove: calls("ec2", "DisassociateAddress", "ReleaseAddress"),
  },
  aws_nat_gateway: {
    source: "ec2/vpc_nat_gateway.go",
    arn: ec2("natgateway"),
    make: [
      "ec2:CreateNatGateway",
      ...on("{subnet_id}", "ec2", "CreateNatGateway"),
      ...on("{allocation_id}", "ec2", "CreateNatGateway"),
      tagNew("CreateNatGateway"),
    ],
    read: on("*", "ec2", "DescribeNatGateways"),
    update: tags,
    remove: ["ec2:DeleteNatGateway"],
  },
  aws_vpc_endpoint: {
    source: "ec2/vpc_endpoint.go",
    arn: ec2("vpc-endpoint"),
    make: [
      "ec2:CreateVpcEndpoint",
      ...["{vpc_id}", "{subnet_ids}", "{security_group_ids}", "{route_table_ids}"].flatMap((parent) =>
        on(parent, "ec2", "CreateVpcEndpoint"),
      ),
      tagNew("CreateVpcEndpoint"),
      // An interface endpoint with a private name.
      { action: "route53:AssociateVPCWithHostedZone", on: "arn:aws:route53:::hostedzone/?" },
    ],
    read: on("*", "ec2", "DescribeVpcEndpoints", "DescribePrefixLists", "DescribeNetworkInterfaces"),
    update: [
      "ec2:ModifyVpcEndpoint",
      ...["{subnet_ids}", "{security_group_ids}", "{route_table_ids}"].flatMap((part) =>
        on(part, "ec2", "ModifyVpcEndpoint"),
      ),
      ...tags,
    ],
    remove: ["ec2:DeleteVpcEndpoints"],
  },
  aws_security_group: {
    source: "ec2/vpc_security_group.go, ec2/vpc_network_interface.go (deleteLingeringENIs)",
    arn: ec2("security-group"),
    make: ["ec2:CreateSecurityGroup", ...on("{vpc_id}", "ec2", "CreateSecurityGroup"), tagNew("CreateSecurityGroup")],
    // AWS gives it a rule that lets everything out.
    settle: ["ec2:RevokeSecurityGroupEgress"],
    read: on("*", "ec2", "DescribeSecurityGroups"),
    update: tags,
    remove: [
      ...calls("ec2", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress", "DeleteSecurityGroup"),
      ...interfaces,
    ],
  },
  aws_vpc_security_group_ingress_rule: { source: "ec2/vpc_security_group_ingress_rule.go", ...rule("Ingress") },
  aws_vpc_security_group_egress_rule: { source: "ec2/vpc_security_group_egress_rule.go", ...rule("Egress") },
  aws_flow_log: {
    source: "ec2/vpc_flow_log.go",
    arn: ec2("vpc-flow-log"),
    make: [
      "ec2:CreateFlowLogs",
      ...on("{vpc_id}", "ec2", "CreateFlowLogs"),
      tagNew("CreateFlowLogs"),
      passRole("{iam_role_arn}", "vpc-flow-logs"),
      ...on("*", "logs", "CreateLogDelivery"),
    ],
    read: on("*", "ec2", "DescribeFlowLogs"),
    update: tags,
    remove: ["ec2:DeleteFlowLogs", ...on("*", "logs", "DeleteLogDelivery")],
  },
  "data.aws_availability_zones": {
    source: "meta, ec2/ec2_availability_zones_data_source.go",
    arn: "*",
    read: ["ec2:DescribeAvailabilityZones"],
  },
  "data.aws_prefix_list": { source: "ec2/vpc_prefix_list_data_source.go", arn: "*", read: ["ec2:DescribePrefixLists"] },
  "data.aws_vpc": {
    source: "ec2/vpc_data_source.go",
    arn: "*",
    read: calls("ec2", "DescribeVpcs", "DescribeVpcAttribute", "DescribeRouteTables"),
  },
  "data.aws_subnet": { source: "ec2/vpc_subnet_data_source.go", arn: "*", read: ["ec2:DescribeSubnets"] },
  "data.aws_vpc_endpoint": {
    source: "ec2/vpc_endpoint_data_source.go",
    arn: "*",
    read: calls("ec2", "DescribeVpcEndpoints", "DescribePrefixLists", "DescribeNetworkInterfaces"),
  },
};
