import type { Construct } from "constructs";
import { databaseInstances } from "../../config/names";
import type { Config } from "../../config/schema";
import type { BatchChecksConfig, ChecksConfig } from "../../config/schema/pipelines/checks";
import type { DatabaseEnvironment } from "../../etl/core/database/database-environment";
import type { Database } from "../../modules/database/database";
import { ExistingDatabase } from "../../modules/database/existing-database";
import { PostgresDatabase } from "../../modules/database/postgres-database";
import type { Platform } from "./platform";

/** The database of the configuration: a new one, or the address of an existing one. */
export function createDatabase(scope: Construct, id: string, platform: Platform): Database {
  const { config, network, key, topic } = platform;
  if (config.database.mode === "existing") return new ExistingDatabase(scope, id, config.database);
  const { name, instance, ...settings } = config.database;
  const [made, restored] = databaseInstances(config);
  return new PostgresDatabase(scope, id, {
    ...settings,
    name: made,
    instances: instance === undefined ? undefined : { restored, use: instance === restored ? "restored" : "made" },
    databaseName: name,
    vpcId: network.vpcId,
    subnetIds: network.privateSubnetIds,
    key,
    logRetentionDays: config.logs.retentionDays,
    topic,
  });
}

/** How long the database keeps revisions and rejected rows, for every step that has it. */
export function retentionEnvironment({
  retention: { revisionDays, rejectedDays },
}: Config): Pick<DatabaseEnvironment, "REVISION_DAYS" | "REJECTED_DAYS"> {
  return {
    ...(revisionDays !== undefined && { REVISION_DAYS: String(revisionDays) }),
    ...(rejectedDays !== undefined && { REJECTED_DAYS: String(rejectedDays) }),
  };
}

/** The checks that a step makes on its pipeline's feed. */
export function checksEnvironment({
  staleDays,
  ...sizes
}: ChecksConfig): Pick<DatabaseEnvironment, "STALE_DAYS" | "SIZE_FACTOR" | "ON_UNUSUAL_SIZE"> {
  return { STALE_DAYS: staleDays === null ? "none" : String(staleDays), ...sizeEnvironment(sizes) };
}

/** How large the files that a step reads may be. */
export function sizeEnvironment({
  sizeFactor,
  onUnusualSize,
}: BatchChecksConfig): Pick<DatabaseEnvironment, "SIZE_FACTOR" | "ON_UNUSUAL_SIZE"> {
  return { SIZE_FACTOR: sizeFactor === null ? "none" : String(sizeFactor), ON_UNUSUAL_SIZE: onUnusualSize };
}

/** A step's environment variables for the database. */
export function databaseEnvironment({ host, port, name, secretArn }: Database): DatabaseEnvironment {
  return {
    DATABASE_HOST: host,
    DATABASE_PORT: String(port),
    DATABASE_NAME: name,
    DATABASE_SECRET_ARN: secretArn,
  };
}
