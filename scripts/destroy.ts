import { S3Client } from "@aws-sdk/client-s3";
import { Command } from "commander";
import { loadConfig } from "../config/load";
import { emptyBucket } from "./buckets/empty-bucket";
import { stackBuckets } from "./buckets/stack-buckets";
import { confirmName } from "./confirm-name";
import { runCommand } from "./run-command";
import { runCdktf } from "./terraform/cdktf";
import { terraformEnvironment } from "./terraform/environment";
import { synthesizeStack, type TerraformSettings } from "./terraform/synthesize-stack";

/** In the order in which they can go. */
const STACKS = ["etl", "network"] as const;

const command = new Command("npm run destroy --")
  .description(
    "Destroys the etl and the network stack of the environment that ENVIRONMENT names (default dev), with all data: " +
      "buckets are emptied first, every version. The state backend stays (npm run bootstrap -- --destroy).",
  )
  .option("--confirm <text>", "destroy-<environment>, which is asked for otherwise")
  .option("--outdir <dir>", "where stacks are synthesized (default: cdktf.out)")
  .action(async (options: { confirm?: string; outdir?: string }) => {
    const config = loadConfig();
    const say = (text: string) => console.error(`destroy ${config.environment}: ${text}`);
    const settings: TerraformSettings = { env: await terraformEnvironment(), outdir: options.outdir };
    const buckets = await findBuckets(settings);
    say(`etl and network go, with everything in ${buckets.length === 0 ? "no bucket" : buckets.join(", ")}`);
    await confirmName(`destroy-${config.environment}`, options.confirm);
    const s3 = new S3Client({ region: config.aws.region, endpoint: config.aws.endpoint });
    for (const bucket of buckets) say(`${bucket}: ${await emptyBucket(s3, bucket)} object versions deleted`);
    await runCdktf("destroy", STACKS, { ...settings, onLine: (line) => console.error(line) });
    say("etl and network are gone");
  });

async function findBuckets(settings: TerraformSettings): Promise<readonly string[]> {
  const found: string[] = [];
  for (const stack of STACKS) {
    const terraform = await synthesizeStack(stack, {}, settings);
    await terraform.initAnew();
    found.push(...(await stackBuckets(terraform)));
  }
  return found;
}

runCommand(command);
