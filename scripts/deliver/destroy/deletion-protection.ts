import { DescribeTableCommand, DynamoDBClient, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeDBInstancesCommand, ModifyDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import type { Config } from "../../../config/schema";
import { type StackResource, textsOf } from "../workflow/data/stack-resources";

/** Resources that AWS can protect from deletion. */
export interface Protectable {
  readonly kind: "database" | "table";
  readonly name: string;
}

const GONE = /^(DBInstanceNotFound|ResourceNotFound)/;

/** Those of a stack. */
export function protectableOf(resources: readonly StackResource[]): readonly Protectable[] {
  return [
    ...textsOf(resources, "aws_db_instance", "identifier").map((name) => ({ kind: "database" as const, name })),
    ...textsOf(resources, "aws_dynamodb_table", "name").map((name) => ({ kind: "table" as const, name })),
  ];
}

/** AWS's current protection of databases and tables: a state may be older than settings made by hand. */
export class DeletionProtection {
  readonly #rds: RDSClient;
  readonly #dynamodb: DynamoDBClient;

  constructor({ aws: { region, endpoint } }: Pick<Config, "aws">) {
    this.#rds = new RDSClient({ region, endpoint });
    this.#dynamodb = new DynamoDBClient({ region, endpoint });
  }

  /** Those that AWS would refuse to delete, without those already deleted. */
  async among(resources: readonly Protectable[]): Promise<readonly Protectable[]> {
    const found = await Promise.all(resources.map(async (each) => ((await this.#isOn(each)) ? [each] : [])));
    return found.flat();
  }

  async lift({ kind, name }: Protectable): Promise<void> {
    if (kind === "table") {
      await this.#dynamodb.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
    } else {
      const off = { DeletionProtection: false, ApplyImmediately: true };
      await this.#rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: name, ...off }));
    }
  }

  async #isOn({ kind, name }: Protectable): Promise<boolean> {
    try {
      if (kind === "table") {
        const { Table } = await this.#dynamodb.send(new DescribeTableCommand({ TableName: name }));
        return Table?.DeletionProtectionEnabled ?? false;
      }
      const { DBInstances = [] } = await this.#rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
      return DBInstances.some(({ DeletionProtection }) => DeletionProtection);
    } catch (error) {
      if (error instanceof Error && GONE.test(error.name)) return false;
      throw error;
    }
  }
}

export function describe(resources: readonly Protectable[]): string {
  return resources.map(({ kind, name }) => `${kind} ${name}`).join(", ");
}
