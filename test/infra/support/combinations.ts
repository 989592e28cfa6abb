import type { Overrides } from "../../../config/overrides";

const networks = {
  "network create/none": { mode: "create", egress: { mode: "none" } },
  "network create/nat": { mode: "create", egress: { mode: "nat", gateways: "one-per-zone" } },
  "network existing": {
    mode: "existing",
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
    endpoints: { s3: "vpce-0a1b2c3d4e5f60718", secretsManager: "vpce-11111111" },
  },
} as const;

const databases = {
  "database create": { mode: "create" },
  "database existing": {
    mode: "existing",
    host: "feeds.example.com",
    name: "feeds",
    secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:feeds-AbCdEf",
    securityGroupId: "sg-0a1b2c3d4e5f60718",
  },
} as const;

export interface Combination {
  readonly name: string;
  readonly network: keyof typeof networks;
  readonly database: keyof typeof databases;
  readonly overrides: Overrides;
}

/** Every network with every database. */
export const combinations: readonly Combination[] = entries(networks).flatMap(([network, networkConfig]) =>
  entries(databases).map(([database, databaseConfig]) => ({
    name: `${network}, ${database}`,
    network,
    database,
    overrides: { network: networkConfig, database: databaseConfig },
  })),
);

/** A database of somebody else. */
export const existingDatabase: Overrides = databases["database existing"];

/** A feed, too, as `pipelines.import` was deployed by the versions before. */
export const everyPipeline: Overrides = {
  feeds: { sales: { resourceName: "import", engine: "distributed-map", source: { prefix: "import/" } } },
};

function entries<T extends object>(record: T): readonly [keyof T, T[keyof T]][] {
  return Object.entries(record) as [keyof T, T[keyof T]][];
}
