import { rmSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { loadConfig } from "../../config/load";
import type { Overrides } from "../../config/overrides";
import type { Config } from "../../config/schema";
import { MillraceError } from "../../etl/core/errors";
import { confirmName } from "../confirm-name";
import { changeKind } from "../plan-review/change-kind";
import { type Plan, parsePlan } from "../plan-review/plan";
import { runCommand } from "../run-command";
import { terraformEnvironment } from "../terraform/environment";
import { connectToState } from "../terraform/foreign-state";
import { synthesizeStack } from "../terraform/synthesize-stack";

interface Options {
  readonly confirm?: string;
  readonly finalSnapshot: boolean;
  readonly outdir?: string;
}

const PLAN = "prepare.tfplan";
/** Types that AWS can protect from deletion. */
const PROTECTED = /^(aws_db_instance|aws_dynamodb_table)\./;

/**
 * Terraform deletes a database as its state says, with or without a last snapshot, and AWS deletes nothing that it
 * protects. So both must be applied before.
 */
const command = new Command("npx tsx scripts/workflow/prepare-destroy.ts")
  .description(
    "Lets database and ledger of ENVIRONMENT be destroyed: takes off their deletion protection and sees to a final " +
      "snapshot, whatever the configuration says. Touches nothing else. Comes before `npm run destroy`.",
  )
  .option("--confirm <text>", "destroy-<environment>, for example destroy-dev; it is asked for otherwise")
  .option("--final-snapshot", "the database is kept in a snapshot; the default", true)
  .option("--no-final-snapshot", "the database goes WITHOUT a snapshot")
  .option("--outdir <dir>", "where stacks are synthesized (default: cdktf.out)")
  .action(async ({ confirm, finalSnapshot, outdir }: Options) => {
    const config = loadConfig();
    await confirmName(`destroy-${config.environment}`, confirm);
    const say = (text: string) => console.error(`prepare-destroy ${config.environment}: ${text}`);
    const settings = { env: await terraformEnvironment(), outdir };
    const terraform = await synthesizeStack("etl", lastSettings(config, finalSnapshot), settings);
    await connectToState(terraform, config);
    const { stdout } = await terraform.run(["state", "list"], [0, 1]);
    const addresses = stdout.split("\n").filter((line) => PROTECTED.test(line));
    if (addresses.length === 0) {
      say("nothing that AWS protects is deployed");
      return;
    }
    try {
      // Not refreshed: what others changed in AWS since is not ours to change back now.
      await terraform.plan(PLAN, "-refresh=false", ...addresses.map((address) => `-target=${address}`));
      refuseOthers(parsePlan(await terraform.show(PLAN), PLAN), addresses);
      await terraform.run(["apply", PLAN]);
    } finally {
      rmSync(join(terraform.folder, PLAN), { force: true });
    }
    say(`${addresses.join(" and ")} can be destroyed; ${finalSnapshot ? "a" : "NO"} final snapshot is taken`);
  });

function lastSettings({ database }: Config, finalSnapshot: boolean): Overrides {
  return {
    pipelines: { orders: { ledger: { deletionProtection: false } } },
    ...(database.mode === "create" ? { database: { finalSnapshot, deletionProtection: false } } : {}),
  };
}

/** @throws MillraceError when more would change than last settings and the random part of a snapshot's name */
function refuseOthers({ resource_changes }: Plan, addresses: readonly string[]): void {
  const others = resource_changes
    .map((resource) => ({ ...resource, kind: changeKind(resource) }))
    .filter(({ kind, mode }) => mode === "managed" && kind !== "unchanged")
    .filter(({ kind, type, address }) => !(addresses.includes(address) && kind === "update") && type !== "random_id");
  if (others.length === 0) return;
  throw new MillraceError("This commit would change more of the deployed stack than its last settings", {
    got: others.map(({ kind, address }) => `${kind} ${address}`).join(", "),
    fix: "Run this from the commit that is deployed, or deploy this one first.",
  });
}

runCommand(command);
