import { dirname, join, resolve } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { Command } from "commander";
import { loadConfig } from "../config/load";
import type { Config } from "../config/schema";
import { emptyBucket } from "./buckets/empty-bucket";
import { stackBuckets } from "./buckets/stack-buckets";
import { buildArtifacts } from "./build/artifacts";
import { confirmName } from "./confirm-name";
import { runCommand } from "./run-command";
import { runCdktf } from "./terraform/cdktf";
import { terraformEnvironment } from "./terraform/environment";
import { connectToState } from "./terraform/foreign-state";
import { synthesizeStack, type TerraformSettings } from "./terraform/synthesize-stack";

const root = resolve(__dirname, "..");
/** In the order in which they can go. */
const STACKS = ["etl", "network"] as const;

const command = new Command("npm run destroy --")
  .description(
    "Destroys the etl and the network stack of the environment that ENVIRONMENT names (default dev), with all data: " +
      "buckets are emptied first, every version. The state backend stays (npm run bootstrap -- --destroy).",
  )
  .option("--confirm <text>", "destroy-<environment>, for example destroy-dev; it is asked for otherwise")
  .option("--outdir <dir>", "where stacks are synthesized", join(root, "cdktf.out"))
  .action(async ({ confirm, outdir }: { confirm?: string; outdir: string }) => {
    const config = loadConfig();
    const say = (text: string) => console.error(`destroy ${config.environment}: ${text}`);
    const onLine = (line: string) => console.error(line);
    const settings: TerraformSettings = { env: await terraformEnvironment(), outdir };
    const { stacks, buckets } = await findResources(config, settings);
    if (stacks.length === 0) {
      say("neither etl nor network has resources");
      return;
    }
    say(`${stacks.join(" and ")} go, with everything in ${buckets.length === 0 ? "no bucket" : buckets.join(", ")}`);
    await confirmName(`destroy-${config.environment}`, confirm);
    // Terraform reads the artifacts' hashes also when it destroys.
    const artifacts = join(dirname(outdir), config.artifacts.directory);
    await buildArtifacts(root, artifacts);
    const s3 = new S3Client({ region: config.aws.region, endpoint: config.aws.endpoint });
    for (const bucket of buckets) say(`${bucket}: ${await emptyBucket(s3, bucket)} object versions deleted`);
    await runCdktf("destroy", stacks, { ...settings, onLine });
    say("done");
  });

/** The stacks that have resources, and their buckets. */
async function findResources(config: Config, settings: TerraformSettings) {
  const stacks: string[] = [];
  const buckets: string[] = [];
  for (const stack of STACKS) {
    const terraform = await synthesizeStack(stack, {}, settings);
    await connectToState(terraform, config);
    const state = await terraform.state();
    if (state === undefined || state.resources.length === 0) continue;
    stacks.push(stack);
    buckets.push(...(await stackBuckets(terraform)));
  }
  return { stacks, buckets };
}

runCommand(command);
