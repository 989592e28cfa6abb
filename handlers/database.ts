import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { readAuthorities } from "../etl/adapters/rds-authorities";
import type { RdsDatabaseOptions } from "../etl/adapters/rds-database";
import type { DatabaseSettings } from "../etl/core/database-environment";
import { clientConfig } from "./step";

/** The database that a step's environment names, and how long it keeps revisions and rejected rows. */
export interface DatabaseServer extends RdsDatabaseOptions {
  readonly revisionDays?: number;
  readonly rejectedDays?: number;
}

export function databaseServer(env: DatabaseSettings): DatabaseServer {
  return {
    host: env.DATABASE_HOST,
    port: env.DATABASE_PORT,
    name: env.DATABASE_NAME,
    revisionDays: env.REVISION_DAYS,
    rejectedDays: env.REJECTED_DAYS,
    secret: env.DATABASE_SECRET_ARN,
    secrets: new SecretsProvider({ clientConfig }),
    authorities: readAuthorities(env.NODE_EXTRA_CA_CERTS),
  };
}
