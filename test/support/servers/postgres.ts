import { findCloudProgram } from "../../../scripts/cloud/environment/programs";
import { PostgresServer, type PostgresServerOptions } from "../../../scripts/cloud/postgres-server";

const { path: initdb, missing } = findCloudProgram("initdb");

/** Why there is no PostgreSQL to test on, or undefined where there is one. */
export const postgresMissing = initdb === undefined ? `${missing.name} is missing: ${missing.remedy}` : undefined;

/** Starts a throw-away PostgreSQL; `remove()` stops it and takes its files away. */
export async function startPostgres(options: Omit<PostgresServerOptions, "initdb"> = {}): Promise<PostgresServer> {
  if (initdb === undefined) throw new Error(postgresMissing);
  return PostgresServer.create({ ...options, initdb });
}
