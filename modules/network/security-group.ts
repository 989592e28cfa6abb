import { SecurityGroup as Ec2SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

export interface SecurityGroupProps {
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
}

/** The other end of a rule. */
export type Peer =
  | { readonly securityGroupId: string }
  /** An AWS service behind a gateway endpoint. */
  | { readonly prefixListId: string }
  | { readonly cidr: string };

/** A security group that lets nothing in or out until a rule is added. Each rule is for one TCP port. */
export class SecurityGroup extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, { name, description, vpcId }: SecurityGroupProps) {
    super(scope, id);
    this.id = new Ec2SecurityGroup(this, "group", {
      name,
      description,
      vpcId,
      // Lambda keeps its network interfaces for up to 40 minutes after the function is deleted.
      timeouts: { delete: "45m" },
    }).id;
  }

  /** @param id names the rule, for example `database`. */
  allowTo(id: string, peer: Peer, port: number, description: string): void {
    new VpcSecurityGroupEgressRule(this, `to-${id}`, { ...this.#rule(peer, port), description });
  }

  /** @param id names the rule, for example `load`. */
  allowFrom(id: string, peer: Peer, port: number, description: string): void {
    new VpcSecurityGroupIngressRule(this, `from-${id}`, { ...this.#rule(peer, port), description });
  }

  /**
   * Allows any TCP traffic from a group, for network interfaces whose group is stateless: QuickSight's ("Security
   * groups: inbound and outbound rules", QuickSight user guide).
   */
  allowAnswersFrom(id: string, securityGroupId: string): void {
    new VpcSecurityGroupIngressRule(this, `answers-${id}`, {
      securityGroupId: this.id,
      ipProtocol: "tcp",
      fromPort: 0,
      toPort: 65_535,
      referencedSecurityGroupId: securityGroupId,
      description: `Answers of the ${id}`,
    });
  }

  #rule(peer: Peer, port: number) {
    return {
      securityGroupId: this.id,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      referencedSecurityGroupId: "securityGroupId" in peer ? peer.securityGroupId : undefined,
      prefixListId: "prefixListId" in peer ? peer.prefixListId : undefined,
      cidrIpv4: "cidr" in peer ? peer.cidr : undefined,
    };
  }
}
