import type { Overrides } from "../../../../config/overrides";
import { type CloudPlace, callCloud } from "../call-cloud";

/** The account's own VPC, which the emulator brings. */
export async function accountNetwork(cloud: CloudPlace): Promise<Overrides> {
  const body = new URLSearchParams({ Action: "DescribeSubnets", Version: "2016-11-15" });
  const text = await (await callCloud(cloud, { service: "ec2", body })).text();
  const all = (tag: string) => [...text.matchAll(new RegExp(`<${tag}>([^<]+)</${tag}>`, "g"))].map(([, id]) => id);
  return { mode: "existing", vpcId: all("vpcId")[0], subnetIds: all("subnetId") };
}

/**
 * A configuration without network, database, who asks it and daily feed, which take minutes to make: the account's own VPC, and the address of a database that nobody asks for.
 */
export async function withoutDatabase(cloud: CloudPlace): Promise<Overrides> {
  return {
    network: await accountNetwork(cloud),
    database: {
      mode: "existing",
      host: "nobody.example.com",
      name: "nothing",
      secretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:nothing-AbCdEf",
      securityGroupId: "sg-00000000",
    },
    sql: { enabled: false },
    pages: { enabled: false },
    pipelines: { covid: { enabled: false } },
  };
}

/** A configuration with a network of its own, and of the pipelines `orders` alone. */
export async function ordersAlone(cloud: CloudPlace): Promise<Overrides> {
  const { database, sql, pages } = await withoutDatabase(cloud);
  const off = { enabled: false };
  return { database, sql, pages, pipelines: { covid: off, metadata: off } };
}
