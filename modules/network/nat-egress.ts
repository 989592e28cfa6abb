import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Construct } from "constructs";
import { ANYWHERE } from "./network";
import type { Vpc, Zone } from "./vpc";

export interface NatEgressProps {
  readonly vpc: Vpc;
  /** One gateway, which fails with its zone, or one in each zone. */
  readonly gateways: "one" | "one-per-zone";
}

/**
 * A way out of a VPC's private subnets: an internet gateway, public subnets and NAT gateways in them. Each gateway
 * costs about 33 USD a month, its address 3.65, and 0.045 per GB (us-east-1, 2026).
 */
export class NatEgress extends Construct {
  constructor(scope: Construct, id: string, { vpc, gateways }: NatEgressProps) {
    super(scope, id);
    const internet = new InternetGateway(this, "internet", { vpcId: vpc.id, tags: { Name: vpc.name } });
    const publicRoutes = new RouteTable(this, "public-routes", {
      vpcId: vpc.id,
      tags: { Name: `${vpc.name}-public` },
    });
    new Route(this, "public-internet", {
      routeTableId: publicRoutes.id,
      destinationCidrBlock: ANYWHERE,
      gatewayId: internet.id,
    });
    const gatewayZones = gateways === "one" ? vpc.zones.slice(0, 1) : vpc.zones;
    const natIds = gatewayZones.map((zone) => this.#createGateway(vpc, zone, publicRoutes, internet).id);
    for (const { index, privateRouteTableId } of vpc.zones) {
      new Route(this, `private-out-${index}`, {
        routeTableId: privateRouteTableId,
        destinationCidrBlock: ANYWHERE,
        natGatewayId: natIds[index] ?? natIds[0],
      });
    }
  }

  #createGateway(vpc: Vpc, zone: Zone, routes: RouteTable, internet: InternetGateway): NatGateway {
    const tags = { Name: `${vpc.name}-public-${zone.index}` };
    const subnet = new Subnet(this, `public-${zone.index}`, {
      vpcId: vpc.id,
      availabilityZone: zone.availabilityZone,
      cidrBlock: vpc.subnetCidr(8 + zone.index),
      mapPublicIpOnLaunch: false,
      tags,
    });
    new RouteTableAssociation(this, `public-association-${zone.index}`, {
      subnetId: subnet.id,
      routeTableId: routes.id,
    });
    const address = new Eip(this, `address-${zone.index}`, { domain: "vpc", tags, dependsOn: [internet] });
    return new NatGateway(this, `nat-${zone.index}`, { subnetId: subnet.id, allocationId: address.id, tags });
  }
}
