import { DataAwsPrefixList } from "@cdktf/provider-aws/lib/data-aws-prefix-list";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { DataAwsVpcEndpoint } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint";
import { Fn, ref, Token } from "cdktf";
import { Construct } from "constructs";
import { Account } from "../account";
import { ANYWHERE, type Network } from "./network";

export interface ExistingNetworkProps {
  readonly vpcId: string;
  /** Private subnets in two or more zones. */
  readonly subnetIds: readonly string[];
  /** Its S3 gateway endpoint. @default not looked up */
  readonly s3EndpointId?: string;
  /** Its Secrets Manager interface endpoint. @default the secret is read through the subnets' own way out */
  readonly secretsEndpointId?: string;
}

/**
 * A network with another owner: looked up, never changed. The plan stops if the VPC, a subnet or an endpoint does not
 * exist or is in another VPC, or if all subnets are in one zone.
 */
export class ExistingNetwork extends Construct implements Network {
  readonly vpcId: string;
  readonly privateSubnetIds: readonly string[];
  readonly httpsCidr: string;
  readonly s3PrefixListId: string;

  constructor(scope: Construct, id: string, props: ExistingNetworkProps) {
    super(scope, id);
    const vpc = new DataAwsVpc(this, "vpc", { id: props.vpcId });
    this.vpcId = vpc.id;
    this.privateSubnetIds = this.#findSubnets(props.subnetIds);
    this.#findEndpoint("s3", props.s3EndpointId);
    this.#findEndpoint("secrets", props.secretsEndpointId);
    this.httpsCidr = props.secretsEndpointId === undefined ? ANYWHERE : vpc.cidrBlock;
    this.s3PrefixListId = new DataAwsPrefixList(this, "s3-addresses", {
      name: `com.amazonaws.${Account.of(this).region}.s3`,
    }).id;
  }

  #findSubnets(ids: readonly string[]): readonly string[] {
    const subnets = ids.map((id, index) => new DataAwsSubnet(this, `subnet-${index}`, { id, vpcId: this.vpcId }));
    // A postcondition can refer to its own data source only as `self`.
    const own = Token.asString(ref("self.availability_zone"));
    const zones = Fn.distinct([...subnets.slice(0, -1).map((subnet) => subnet.availabilityZone), own]);
    subnets.at(-1)?.addOverride("lifecycle", {
      postcondition: [
        {
          condition: `\${length(${Token.asString(zones)}) > 1}`,
          error_message: `The subnets ${ids.join(", ")} are in one zone. RDS, and a function that survives the loss of a zone, need two.`,
        },
      ],
    });
    return subnets.map((subnet) => subnet.id);
  }

  #findEndpoint(id: string, endpointId: string | undefined): void {
    if (endpointId !== undefined) new DataAwsVpcEndpoint(this, id, { id: endpointId, vpcId: this.vpcId });
  }
}
