import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type Overrides, override } from "../../../config/overrides";
import type { Cloud } from "../../../scripts/cloud/cloud";
import { callCloud } from "../cloud/call-cloud";
import { withoutDatabase } from "../cloud/stacks/light-stacks";

const PASSWORD = "of-the-owner";

/**
 * A configuration for a network and a database that are there: the account's own VPC, and a database of another owner
 * whose secret and group millrace is given.
 */
export async function withExistingDatabase(
  cloud: Cloud,
  name: string,
  pipelines: Overrides,
  feeds: Overrides = {},
): Promise<Overrides> {
  await cloud.postgres.query("postgres", `CREATE ROLE owner LOGIN PASSWORD '${PASSWORD}'`);
  await cloud.postgres.query("postgres", `CREATE DATABASE ${name} OWNER owner`);
  const SecretString = JSON.stringify({ username: "owner", password: PASSWORD });
  const secrets = new SecretsManagerClient(cloud.client);
  const { ARN: secretArn } = await secrets.send(new CreateSecretCommand({ Name: name, SecretString }));
  return override(await withoutDatabase(cloud), {
    // A name that the emulator leads to the local PostgreSQL, and that its certificate bears.
    database: {
      name,
      secretArn,
      securityGroupId: await anyGroup(cloud),
      host: `${name}.aaaaaaaaaa.${cloud.region}.rds.amazonaws.com`,
    },
    pipelines,
    feeds,
  });
}

async function anyGroup(cloud: Cloud): Promise<string | undefined> {
  const body = new URLSearchParams({ Action: "DescribeSecurityGroups", Version: "2016-11-15" });
  const text = await (await callCloud(cloud, { service: "ec2", body })).text();
  return /<groupId>([^<]+)</.exec(text)?.[1];
}
