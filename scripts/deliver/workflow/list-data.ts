import { RDSClient } from "@aws-sdk/client-rds";
import { S3Client } from "@aws-sdk/client-s3";
import { Command } from "commander";
import { loadConfig } from "../../../config/load";
import { runCommand } from "../../command-line/run-command";
import { requireState } from "../destroy/require-state";
import { terraformEnvironment } from "../terraform/environment";
import { describeBuckets } from "./data/buckets";
import { describeDatabases } from "./data/databases";
import { describeRows } from "./data/rows";
import { readResources } from "./data/stack-resources";
import { connectStacks } from "./plans/deployed-stacks";

const command = new Command("npx tsx scripts/deliver/workflow/list-data.ts")
  .description(
    "Lists the data that is lost when network and etl of ENVIRONMENT are destroyed, as Markdown: object versions, " +
      "databases with their snapshots, rows. Rows are counted if DATABASE_URL is set to the database.",
  )
  .option("--outdir <dir>", "where stacks are synthesised (default: cdktf.out)")
  .action(async ({ outdir }: { outdir?: string }) => {
    const config = loadConfig();
    const { aws, environment } = config;
    requireState(config);
    const client = { region: aws.region, endpoint: aws.endpoint };
    const stacks = await connectStacks({ env: await terraformEnvironment(), outdir });
    const resources = (await Promise.all([...stacks.values()].map(readResources))).flat();
    const s3 = new S3Client({ ...client, forcePathStyle: aws.endpoint !== undefined });
    const lines = [
      `## Data of ${environment} that will be lost`,
      ...(await describeBuckets(s3, resources)),
      ...(await describeDatabases(new RDSClient(client), resources)),
      ...(await describeRows(process.env.DATABASE_URL, resources)),
    ];
    console.log(lines.join("\n"));
  });

runCommand(command);
