import { dirname, join, resolve } from "node:path";
import { RDSClient } from "@aws-sdk/client-rds";
import { S3Client } from "@aws-sdk/client-s3";
import { Command, Option } from "commander";
import { loadConfig } from "../config/load";
import type { Config } from "../config/schema";
import { counted } from "../etl/core/counted";
import { MillraceError } from "../etl/core/errors";
import { terraformProgress } from "./cloud/terraform-progress";
import { confirmName } from "./command-line/confirm-name";
import { explainAwsError } from "./command-line/explain-aws-error";
import { runCommand } from "./command-line/run-command";
import { printData } from "./command-line/standard-streams";
import { outputFolder } from "./command-line/user-path";
import { emptyBucket } from "./deliver/buckets/empty-bucket";
import { buildArtifacts } from "./deliver/build/artifacts";
import { describeLocks } from "./deliver/deploy/held-lock";
import { interruptible } from "./deliver/deploy/interruption";
import { DeletionProtection, describe, protectableOf } from "./deliver/destroy/deletion-protection";
import { leftInstances } from "./deliver/destroy/left-instances";
import { rehearsalOf } from "./deliver/destroy/rehearsal-of";
import { RehearsalStop } from "./deliver/destroy/rehearsal-stop";
import { rehearse } from "./deliver/destroy/rehearse";
import { requireState } from "./deliver/destroy/require-state";
import { runCdktf } from "./deliver/terraform/cdktf";
import { terraformEnvironment } from "./deliver/terraform/environment";
import { type Synthesis, synthesize } from "./deliver/terraform/synth";
import type { TerraformSettings } from "./deliver/terraform/synthesize-stack";
import { Terraform } from "./deliver/terraform/terraform";
import { explainTerraform } from "./deliver/terraform/terraform-errors";
import { readResources, type StackResource, textsOf } from "./deliver/workflow/data/stack-resources";
import { connectStacks } from "./deliver/workflow/plans/deployed-stacks";
import { onStop } from "./run/on-stop";

const root = resolve(__dirname, "..");
/** The shortest time between two lines of progress. */
const PROGRESS_MS = 10_000;
const NOTHING = "neither etl nor network has resources";

interface Options {
  readonly confirm?: string;
  readonly rehearse?: true;
  readonly verbose?: true;
  readonly outdir: string;
}

const command = new Command("npm run destroy --")
  .description(
    "Destroys the etl and the network stack of the environment in ENVIRONMENT (default dev), with all data: " +
      "buckets are emptied first, every version. Checks first: while AWS protects one of their databases or tables from " +
      "deletion, nothing is changed. The state backend stays (npm run bootstrap -- --destroy).",
  )
  .option("--confirm <text>", "destroy-<environment>, for example destroy-dev; asked for if not given")
  .addOption(
    new Option(
      "--rehearse",
      "destroy nothing: export all tables and ledgers to the bucket of the state (or to .millrace, before the bootstrap), restore " +
        "that into an empty PostgreSQL, compare all rows, then say what destroying would take and how to come back",
    ).conflicts("confirm"),
  )
  .option("--verbose", "show Terraform's whole output, in place of its progress")
  .option("--outdir <dir>", "where stacks are synthesised", outputFolder, join(root, "cdktf.out"))
  .action(async ({ confirm, rehearse: isRehearsal, verbose, outdir }: Options) => {
    const config = loadConfig();
    const word = `destroy-${config.environment}`;
    // A wrong name fails at once; the question comes only when it is needed.
    if (confirm !== undefined) await confirmName(word, confirm);
    const doing = isRehearsal ? "rehearse" : "destroy";
    const say = (text: string) => console.error(`${doing} ${config.environment}: ${text}`);
    requireState(config);
    const env = await terraformEnvironment();
    if (isRehearsal) return rehearseHere(config, { env, outdir }, say);
    const stacks = new Map<string, Terraform>();
    const work = async (interrupt: AbortSignal) => {
      const settings: TerraformSettings = { env, outdir, interrupt };
      const synthesis = await synthesize(env, outdir);
      const resources = await readDeployed(settings, synthesis, stacks);
      if (stacks.size === 0) return say(NOTHING);
      await refuseProtected(config, resources);
      await refuseLeft(config, resources);
      const buckets = textsOf(resources, "aws_s3_bucket", "bucket");
      const names = [...stacks.keys()];
      say(
        `${names.join(" and ")} will be destroyed, with everything in ${buckets.length === 0 ? "no bucket" : buckets.join(", ")}`,
      );
      if (confirm === undefined) await confirmName(word, undefined, interrupt);
      // Terraform reads the artifacts' hashes even to destroy.
      await buildArtifacts(root, join(dirname(outdir), config.artifacts.directory));
      const s3 = new S3Client({ region: config.aws.region, endpoint: config.aws.endpoint });
      for (const bucket of buckets) {
        const count = await emptyBucket(s3, bucket, () => interrupt.throwIfAborted());
        say(`${bucket}: ${counted(count, "object version")} deleted`);
      }
      const onLine = verbose ? (line: string) => console.error(line) : terraformProgress(say, PROGRESS_MS);
      await runCdktf("destroy", names, { ...settings, onLine }, synthesis);
      say("done");
    };
    try {
      await interruptible(say, work, () => describeLocks(stacks));
    } catch (error) {
      const again = "Fix that, then run the same command again: it continues with what is left";
      throw explainAwsError(explainTerraform(error, "Not everything could be destroyed", again));
    }
  });

/**
 * The resources of the stacks, the last one first, as they can be destroyed.
 *
 * @param stacks receives those that have any
 */
async function readDeployed(
  settings: TerraformSettings,
  synthesis: Synthesis,
  stacks: Map<string, Terraform>,
): Promise<readonly StackResource[]> {
  const resources: StackResource[] = [];
  for (const [stack, terraform] of [...(await connectStacks(settings, synthesis))].reverse()) {
    const state = await terraform.state();
    if (state === undefined || state.resources.length === 0) continue;
    stacks.set(stack, new Terraform(terraform.folder, { env: settings.env }));
    resources.push(...(await readResources(terraform)));
  }
  return resources;
}

/** It only reads, so a stop ends it at once. */
async function rehearseHere(
  config: Config,
  { env, outdir }: Pick<TerraformSettings, "env" | "outdir">,
  say: (text: string) => void,
): Promise<void> {
  const stop = new RehearsalStop();
  const reading = new AbortController();
  const release = onStop(() => {
    reading.abort();
    console.error(stop.end());
  });
  try {
    const settings = { env, outdir, interrupt: reading.signal };
    const stacks = new Map<string, Terraform>();
    const resources = await readDeployed(settings, await synthesize(env, outdir), stacks);
    if (stacks.size === 0) return say(NOTHING);
    await printData(await rehearse(await rehearsalOf(config, { resources, say, stop })));
  } catch (error) {
    throw explainAwsError(explainTerraform(error, "Nothing was rehearsed", "Fix that, then run it again"));
  } finally {
    release();
  }
}

/** @throws MillraceError while AWS would refuse to delete something, before anything is changed */
async function refuseProtected(config: Config, resources: readonly StackResource[]): Promise<void> {
  const kept = await new DeletionProtection(config).among(protectableOf(resources));
  if (kept.length === 0) return;
  const prepare = `ENVIRONMENT=${config.environment} npx tsx scripts/deliver/workflow/prepare-destroy.ts --confirm destroy-${config.environment}`;
  throw new MillraceError("Nothing was emptied or destroyed: AWS protects data from being deleted", {
    got: describe(kept),
    fix: `To delete it, remove the protection: ${prepare}, which also sets up a final snapshot; then run this again`,
  });
}

/** @throws MillraceError while there is an instance that a restore created or left, before anything is changed */
async function refuseLeft(config: Config, resources: readonly StackResource[]): Promise<void> {
  const { region, endpoint } = config.aws;
  const left = await leftInstances(new RDSClient({ region, endpoint }), config, resources);
  if (left.length === 0) return;
  throw new MillraceError(
    "Nothing was emptied or destroyed: an instance left by a restore uses resources that would be deleted",
    {
      got: left.join(", "),
      fix: `aws rds delete-db-instance --db-instance-identifier ${left[0]} --final-db-snapshot-identifier ${left[0]}-last (lift its protection first), wait until it is deleted, then run this again`,
    },
  );
}

runCommand(command);
