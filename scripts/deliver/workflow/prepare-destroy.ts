import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import * as z from "zod";
import { loadConfig } from "../../../config/load";
import type { Overrides } from "../../../config/overrides";
import type { Config } from "../../../config/schema";
import { MillraceError } from "../../../etl/core/errors";
import { confirmName } from "../../command-line/confirm-name";
import { runCommand } from "../../command-line/run-command";
import { describeLocks } from "../deploy/held-lock";
import { interruptible } from "../deploy/interruption";
import { DeletionProtection, protectableOf } from "../destroy/deletion-protection";
import { requireState } from "../destroy/require-state";
import { changeKind } from "../plan-review/change-kind";
import { type Plan, parsePlan } from "../plan-review/plan";
import { terraformEnvironment } from "../terraform/environment";
import { connectToState } from "../terraform/foreign-state";
import { synthesizeStack } from "../terraform/synthesize-stack";
import { Terraform } from "../terraform/terraform";
import { readResources } from "./data/stack-resources";

interface Options {
  readonly confirm?: string;
  readonly finalSnapshot: boolean;
  readonly outdir?: string;
}

const PLAN = "prepare.tfplan";
/** Types that AWS can protect from deletion. */
const PROTECTED = /^(aws_db_instance|aws_dynamodb_table)\./;

const resourceSchema = z.looseObject({ lifecycle: z.looseObject({}).optional() });
const stackSchema = z.looseObject({ resource: z.record(z.string(), z.record(z.string(), resourceSchema)) });

/**
 * Terraform deletes a database by the settings in its state, with or without a final snapshot, and AWS deletes nothing
 * that is protected. So both must be applied before.
 */
const command = new Command("npx tsx scripts/deliver/workflow/prepare-destroy.ts")
  .description(
    "Prepares database and ledger of ENVIRONMENT for destruction: removes their deletion protection and sets up a final " +
      "snapshot, whatever the configuration says. Changes nothing else. Run it before `npm run destroy`.",
  )
  .option("--confirm <text>", "destroy-<environment>, for example destroy-dev; asked for if not given")
  .option("--final-snapshot", "keep the database in a snapshot; the default", true)
  .option("--no-final-snapshot", "delete the database WITHOUT a snapshot")
  .option("--outdir <dir>", "where stacks are synthesised (default: cdktf.out)")
  .action(async ({ confirm, finalSnapshot, outdir }: Options) => {
    const config = loadConfig();
    await confirmName(`destroy-${config.environment}`, confirm);
    requireState(config);
    const say = (text: string) => console.error(`prepare-destroy ${config.environment}: ${text}`);
    const env = await terraformEnvironment();
    const stacks = new Map<string, Terraform>();
    const work = async (interrupt: AbortSignal) => {
      const settings = { env, outdir, interrupt };
      const terraform = await synthesizeStack("etl", lastSettings(config, finalSnapshot), settings);
      await connectToState(terraform, config);
      stacks.set("etl", new Terraform(terraform.folder, { env }));
      const { stdout } = await terraform.run(["state", "list"], [0, 1]);
      const addresses = stdout.split("\n").filter((line) => PROTECTED.test(line));
      if (addresses.length === 0) {
        say("nothing that AWS protects is deployed");
        return;
      }
      await applyLastSettings(terraform, addresses);
      // Set directly, if the state already had it off.
      const protection = new DeletionProtection(config);
      for (const each of await protection.among(protectableOf(await readResources(terraform)))) {
        await protection.lift(each);
      }
      say(`${addresses.join(" and ")} can be destroyed; ${finalSnapshot ? "a" : "NO"} final snapshot is taken`);
    };
    await interruptible(say, work, () => describeLocks(stacks));
  });

async function applyLastSettings(terraform: Terraform, addresses: readonly string[]): Promise<void> {
  leaveAsItIs(join(terraform.folder, "cdk.tf.json"), addresses);
  try {
    // Not refreshed: changes that others made in AWS must not be reverted now.
    await terraform.plan(PLAN, "-refresh=false", ...addresses.map((address) => `-target=${address}`));
    refuseOthers(parsePlan(await terraform.show(PLAN), PLAN), addresses);
    await terraform.run(["apply", PLAN]);
  } finally {
    rmSync(join(terraform.folder, PLAN), { force: true });
  }
}

function lastSettings({ database }: Config, finalSnapshot: boolean): Overrides {
  return {
    pipelines: { orders: { ledger: { deletionProtection: false } } },
    ...(database.mode === "create" ? { database: { finalSnapshot, deletionProtection: false } } : {}),
  };
}

/**
 * All other resources stay as they are, whatever the configuration or a half-done destruction says. An interrupted
 * destruction has read all of AWS into the state, including others' changes.
 */
function leaveAsItIs(file: string, except: readonly string[]): void {
  const stack = stackSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  for (const [type, resources] of Object.entries(stack.resource)) {
    for (const [name, resource] of Object.entries(resources)) {
      if (except.includes(`${type}.${name}`)) continue;
      resource.lifecycle = { ...resource.lifecycle, ignore_changes: "all" };
    }
  }
  writeFileSync(file, JSON.stringify(stack, undefined, 2));
}

/** @throws MillraceError if more would change than these settings and the random part of a snapshot's name */
function refuseOthers({ resource_changes }: Plan, addresses: readonly string[]): void {
  const others = resource_changes
    .map((resource) => ({ ...resource, kind: changeKind(resource) }))
    .filter(({ kind, mode }) => mode === "managed" && kind !== "unchanged")
    .filter(({ kind, type, address }) => !(addresses.includes(address) && kind === "update") && type !== "random_id");
  if (others.length === 0) return;
  throw new MillraceError("This commit would change more of the deployed stack than its last settings", {
    got: others.map(({ kind, address }) => `${kind} ${address}`).join(", "),
    fix: "Run this from the deployed commit, or deploy this one first.",
  });
}

runCommand(command);
