import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { App, LocalBackend, TerraformStack, Testing } from "cdktf";
import { type DatabaseInstances, PostgresDatabase } from "../../../../modules/database/postgres-database";
import { Topic } from "../../../../modules/messaging/topic";
import { Key } from "../../../../modules/storage/key";
import { emulatedProvider } from "../../../../stacks/emulated-services";

export interface DatabaseStackProps {
  readonly endpoint: string;
  readonly region: string;
  readonly name: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

/** Writes a stack of the database alone, with its state beside it, for a Terraform with `AWS_ENDPOINT_URL`. */
export function writeDatabaseStack(folder: string, props: DatabaseStackProps, instances?: DatabaseInstances): void {
  const { endpoint, region, name, vpcId, subnetIds } = props;
  const stack = new TerraformStack(new App(), "etl");
  const tags = { Project: "millrace", Environment: "dev" };
  new AwsProvider(stack, "aws", {
    region,
    defaultTags: [{ tags }],
    ...emulatedProvider(endpoint, { inEnvironment: true }),
  });
  new RandomProvider(stack, "random");
  new LocalBackend(stack, { path: `${folder}.tfstate` });
  const key = new Key(stack, "key", { name, description: name, services: ["logs", "cloudwatch"] });
  new PostgresDatabase(stack, "database", {
    ...{ name, instances, vpcId, subnetIds, key, databaseName: "millrace", instanceClass: "db.t4g.micro" },
    ...{ storageGb: 20, maxStorageGb: 100, multiAz: false, backupDays: 7, backupWindow: "01:00-02:00" },
    ...{ maintenanceWindow: "sun:03:00-sun:04:00", applyImmediately: true, deletionProtection: true },
    ...{ finalSnapshot: true, access: { securityGroupIds: [], cidrs: [], prefixListIds: [] }, logRetentionDays: 14 },
    topic: new Topic(stack, "topic", { name: `${name}-topic`, key, emails: [], budgets: false }),
  });
  stack.prepareStack();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "cdk.tf.json"), Testing.synth(stack));
}
