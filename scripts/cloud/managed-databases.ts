import { randomBytes } from "node:crypto";
import { type DBInstance, paginateDescribeDBInstances, RDSClient } from "@aws-sdk/client-rds";
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { escapeIdentifier, escapeLiteral } from "pg";
import * as z from "zod";
import type { Cloud } from "./cloud";

const credentialsSchema = z.object({ username: z.string(), password: z.string() });

/** An RDS instance of the cloud whose password RDS manages. */
export interface ManagedDatabase {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly secretArn: string;
}

/**
 * Does RDS's part for new instances in the local PostgreSQL: creates each instance's master user, with the password of
 * its secret, and its database. Can be called again at any time.
 */
export async function linkManagedDatabases(cloud: Cloud): Promise<readonly ManagedDatabase[]> {
  const databases = await managedDatabases(cloud);
  for (const database of databases) {
    const { password } = await readCredentials(cloud, database);
    const [role] = await cloud.postgres.query("postgres", "SELECT 1 FROM pg_roles WHERE rolname = $1", [database.user]);
    const verb = role === undefined ? "CREATE" : "ALTER";
    const options = `LOGIN CREATEDB CREATEROLE PASSWORD ${escapeLiteral(password)}`;
    const user = escapeIdentifier(database.user);
    await cloud.postgres.query("postgres", `${verb} ROLE ${user} ${options}`);
    const found = "SELECT 1 FROM pg_database WHERE datname = $1";
    if ((await cloud.postgres.query("postgres", found, [database.name])).length === 0) {
      await cloud.postgres.query("postgres", `CREATE DATABASE ${escapeIdentifier(database.name)} OWNER ${user}`);
    }
  }
  return databases;
}

/** RDS's rotation of every seven days: a new password in the database, then in the secret. */
export async function rotatePassword(cloud: Cloud, { user, secretArn }: ManagedDatabase): Promise<void> {
  const password = randomBytes(20).toString("base64url");
  const statement = `ALTER ROLE ${escapeIdentifier(user)} PASSWORD ${escapeLiteral(password)}`;
  await cloud.postgres.query("postgres", statement);
  const secrets = new SecretsManagerClient(cloud.client);
  const SecretString = JSON.stringify({ username: user, password });
  await secrets.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString }));
}

async function managedDatabases(cloud: Cloud): Promise<readonly ManagedDatabase[]> {
  const found: ManagedDatabase[] = [];
  for await (const page of paginateDescribeDBInstances({ client: new RDSClient(cloud.client) }, {})) {
    found.push(...(page.DBInstances ?? []).flatMap(describe));
  }
  return found;
}

function describe(instance: DBInstance): ManagedDatabase[] {
  const { DBInstanceIdentifier: id, DBName: name, MasterUsername: user, MasterUserSecret } = instance;
  const secretArn = MasterUserSecret?.SecretArn;
  if (id === undefined || name === undefined || user === undefined || secretArn === undefined) return [];
  return [{ id, name, user, secretArn }];
}

async function readCredentials(cloud: Cloud, { secretArn }: ManagedDatabase) {
  const secrets = new SecretsManagerClient(cloud.client);
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: secretArn }));
  return credentialsSchema.parse(JSON.parse(SecretString ?? "null"));
}
