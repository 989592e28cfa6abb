import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc as AwsVpc } from "@cdktf/provider-aws/lib/vpc";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { Account } from "../account";

export interface VpcProps {
  readonly name: string;
  /** IPv4 range, /16 to /24. */
  readonly cidr: string;
  /** Number of zones, each with a private subnet. */
  readonly zones: number;
}

/** One availability zone of a VPC: its private subnet and that subnet's routes. */
export interface Zone {
  /** Number of the zone in construct ids and names: 0, 1, … */
  readonly index: number;
  readonly availabilityZone: string;
  readonly privateSubnetId: string;
  readonly privateRouteTableId: string;
}

/**
 * A VPC with a private subnet in each zone and no way in or out. Its default security group stays as AWS creates it;
 * nothing of ours is in it. To close it, the deployer would need permissions on all untagged groups of the account.
 */
export class Vpc extends Construct {
  readonly id: string;
  readonly cidr: string;
  readonly name: string;
  readonly zones: readonly Zone[];

  constructor(scope: Construct, id: string, { name, cidr, zones }: VpcProps) {
    super(scope, id);
    this.name = name;
    this.cidr = cidr;
    this.id = new AwsVpc(this, "vpc", {
      cidrBlock: cidr,
      enableDnsSupport: true,
      // Interface endpoints need it to answer under the service's own name.
      enableDnsHostnames: true,
      tags: { Name: name },
    }).id;
    const region = Account.of(this).region;
    // By name, and in any state: a zone that AWS adds, or that fails, must not move the subnets of the others.
    const available = new DataAwsAvailabilityZones(this, "zones", {
      filter: [{ name: "zone-name", values: [..."abcdef"].map((letter) => `${region}${letter}`) }],
    });
    this.zones = Array.from({ length: zones }, (_, index) =>
      this.#createZone(index, Fn.element(available.names, index)),
    );
  }

  /** The range of the index-th of 16 equal parts. Private subnets take the first ones, public ones those from 8. */
  subnetCidr(index: number): string {
    return Fn.cidrsubnet(this.cidr, 4, index);
  }

  #createZone(index: number, availabilityZone: string): Zone {
    const name = `${this.name}-private-${index}`;
    const subnet = new Subnet(this, `private-${index}`, {
      vpcId: this.id,
      availabilityZone,
      cidrBlock: this.subnetCidr(index),
      tags: { Name: name },
    });
    const routes = new RouteTable(this, `private-routes-${index}`, { vpcId: this.id, tags: { Name: name } });
    new RouteTableAssociation(this, `private-association-${index}`, { subnetId: subnet.id, routeTableId: routes.id });
    return { index, availabilityZone, privateSubnetId: subnet.id, privateRouteTableId: routes.id };
  }
}
