import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { Account } from "../account";
import { type EndpointStatement, endpointPolicy } from "./endpoint-policy";
import type { Vpc } from "./vpc";

export interface InterfaceEndpointProps {
  readonly vpc: Vpc;
  /** As in its endpoint's name, for example `secretsmanager`. */
  readonly service: string;
  /** What it allows. */
  readonly allow: readonly EndpointStatement[];
}

/**
 * An address of an AWS service in each private subnet, under the service's own name. Costs about 7.30 USD per month and
 * zone, and 0.01 USD per GB (us-east-1, 2026).
 */
export class InterfaceEndpoint extends Construct {
  constructor(scope: Construct, id: string, { vpc, service, allow }: InterfaceEndpointProps) {
    super(scope, id);
    const name = `${vpc.name}-${service}`;
    const group = new SecurityGroup(this, "security-group", {
      name,
      description: `HTTPS from the VPC to ${service}`,
      vpcId: vpc.id,
      tags: { Name: name },
    });
    new VpcSecurityGroupIngressRule(this, "https", {
      securityGroupId: group.id,
      description: "HTTPS from the VPC",
      cidrIpv4: vpc.cidr,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    new VpcEndpoint(this, "endpoint", {
      vpcId: vpc.id,
      vpcEndpointType: "Interface",
      serviceName: `com.amazonaws.${Account.of(this).region}.${service}`,
      subnetIds: vpc.zones.map((zone) => zone.privateSubnetId),
      securityGroupIds: [group.id],
      privateDnsEnabled: true,
      policy: endpointPolicy(this, allow),
      tags: { Name: name },
    });
  }
}
