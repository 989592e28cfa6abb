import { DataAwsPrefixList } from "@cdktf/provider-aws/lib/data-aws-prefix-list";
import { Construct } from "constructs";
import { Account } from "../account";
import { Key } from "../storage/key";
import { FlowLog } from "./flow-log";
import { GatewayEndpoint } from "./gateway-endpoint";
import { InterfaceEndpoint } from "./interface-endpoint";
import { NatEgress, type NatEgressProps } from "./nat-egress";
import { ANYWHERE, type Network } from "./network";
import { Vpc, type VpcProps } from "./vpc";

export interface CreatedNetworkProps extends VpcProps {
  /** NAT gateways. @default none: no way out to the internet */
  readonly nat?: NatEgressProps["gateways"];
  /** Only buckets and tables whose names begin like this are reached through the gateway endpoints. */
  readonly resourcePrefix: string;
  /** Other buckets that may be read. @default none */
  readonly readBuckets?: readonly string[];
  /** The secrets that may be read through the Secrets Manager endpoint; `*` at an end is allowed. */
  readonly secretArns: readonly string[];
  /** For the flow log. */
  readonly logRetentionDays: number;
}

/**
 * A VPC for functions that read S3 and a secret and write to a database. Without a NAT gateway, its only interface
 * endpoint is for Secrets Manager: logs and traces are sent by the Lambda service, messages by Step Functions, and the
 * service that holds the data decrypts with KMS.
 */
export class CreatedNetwork extends Construct implements Network {
  readonly vpcId: string;
  readonly privateSubnetIds: readonly string[];
  readonly httpsCidr: string;
  readonly s3PrefixListId: string;

  constructor(scope: Construct, id: string, props: CreatedNetworkProps) {
    super(scope, id);
    const { name, nat } = props;
    const vpc = new Vpc(this, "vpc", props);
    this.#watch(vpc, name, props.logRetentionDays);
    this.#connectStorage(vpc, props);
    if (nat === undefined) this.#connectSecrets(vpc, props.secretArns);
    else new NatEgress(this, "nat", { vpc, gateways: nat });
    this.vpcId = vpc.id;
    this.privateSubnetIds = vpc.zones.map((zone) => zone.privateSubnetId);
    this.httpsCidr = nat === undefined ? vpc.cidr : ANYWHERE;
    this.s3PrefixListId = new DataAwsPrefixList(this, "s3-addresses", {
      name: `com.amazonaws.${Account.of(this).region}.s3`,
    }).id;
  }

  #watch(vpc: Vpc, name: string, retentionDays: number): void {
    const key = new Key(this, "key", { name, description: `Logs of the network ${name}.`, services: ["logs"] });
    new FlowLog(this, "flow-log", { name, vpcId: vpc.id, key, retentionDays });
  }

  #connectStorage(vpc: Vpc, { resourcePrefix: prefix, readBuckets = [] }: CreatedNetworkProps): void {
    const account = Account.of(this);
    const bucket = (name: string) => `arn:${account.partition}:s3:::${name}`;
    new GatewayEndpoint(this, "s3", {
      vpc,
      service: "s3",
      allow: [
        { actions: [...readObjects, "s3:PutObject"], resources: [bucket(`${prefix}-*`)] },
        ...(readBuckets.length > 0
          ? [{ actions: readObjects, resources: readBuckets.flatMap((name) => [bucket(name), bucket(`${name}/*`)]) }]
          : []),
      ],
    });
    new GatewayEndpoint(this, "dynamodb", {
      vpc,
      service: "dynamodb",
      allow: [
        {
          actions: ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"].map((action) => `dynamodb:${action}`),
          resources: [account.arn("dynamodb", `table/${prefix}-*`)],
        },
      ],
    });
  }

  #connectSecrets(vpc: Vpc, secretArns: readonly string[]): void {
    new InterfaceEndpoint(this, "secrets", {
      vpc,
      service: "secretsmanager",
      allow: [{ actions: ["secretsmanager:GetSecretValue"], resources: secretArns }],
    });
  }
}

/** In a versioned bucket, a replay reads the version that it has seen. */
const readObjects = ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"];
