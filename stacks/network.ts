import type { Construct } from "constructs";
import { resourceName } from "../config/names";
import type { Config, CreateNetworkConfig, ExistingNetworkConfig } from "../config/schema";
import { sourceBuckets } from "../config/source-buckets";
import { Account } from "../modules/account";
import { CreatedNetwork } from "../modules/network/created-network";
import { ExistingNetwork } from "../modules/network/existing-network";
import type { Network } from "../modules/network/network";
import { MillraceStack, type MillraceStackProps } from "./millrace-stack";

/** The VPC of functions and database: a new one, or the look-up of an existing one. */
export class NetworkStack extends MillraceStack {
  readonly network: Network;

  constructor(scope: Construct, id: string, props: MillraceStackProps) {
    super(scope, id, props);
    const { config } = props;
    this.network =
      config.network.mode === "create" ? this.#create(config, config.network) : this.#lookUp(config.network);
  }

  #create(config: Config, { cidr, zones, egress }: CreateNetworkConfig): Network {
    return new CreatedNetwork(this, "network", {
      name: resourceName(config, "network"),
      cidr,
      zones,
      nat: egress.mode === "nat" ? egress.gateways : undefined,
      resourcePrefix: resourceName(config),
      readBuckets: sourceBuckets(config),
      secretArns: [this.#databaseSecret(config)],
      logRetentionDays: config.logs.retentionDays,
    });
  }

  #lookUp({ vpcId, subnetIds, endpoints }: ExistingNetworkConfig): Network {
    return new ExistingNetwork(this, "network", {
      vpcId,
      subnetIds,
      s3EndpointId: endpoints.s3,
      secretsEndpointId: endpoints.secretsManager,
    });
  }

  #databaseSecret({ database }: Config): string {
    // The prefix of secrets that RDS manages itself.
    return database.mode === "existing"
      ? database.secretArn
      : Account.of(this).arn("secretsmanager", "secret:rds!db-*");
  }
}
