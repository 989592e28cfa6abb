import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";
import { Account } from "../account";
import { type EndpointStatement, endpointPolicy } from "./endpoint-policy";
import type { Vpc } from "./vpc";

export interface GatewayEndpointProps {
  readonly vpc: Vpc;
  readonly service: "s3" | "dynamodb";
  /** What it allows. */
  readonly allow: readonly EndpointStatement[];
}

/** A route from a VPC's private subnets to S3 or DynamoDB that avoids the internet. Costs nothing. */
export class GatewayEndpoint extends Construct {
  constructor(scope: Construct, id: string, { vpc, service, allow }: GatewayEndpointProps) {
    super(scope, id);
    new VpcEndpoint(this, "endpoint", {
      vpcId: vpc.id,
      vpcEndpointType: "Gateway",
      serviceName: `com.amazonaws.${Account.of(this).region}.${service}`,
      routeTableIds: vpc.zones.map((zone) => zone.privateRouteTableId),
      policy: endpointPolicy(this, allow),
      tags: { Name: `${vpc.name}-${service}` },
    });
  }
}
