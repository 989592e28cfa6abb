import { Command } from "commander";
import { MillraceError } from "../etl/core/errors";
import { runCommand } from "./command-line/run-command";
import { inputFile, inputFiles } from "./command-line/user-path";
import { addAddresses } from "./deliver/plan-guard/addresses";
import { readLabels } from "./deliver/plan-guard/event-labels";
import { ALLOWING_LABEL, judgePlans } from "./deliver/plan-guard/judge-plans";
import { readStackPlan } from "./deliver/plan-review/stack-plan";

const command = new Command("npm run --silent plan-guard --")
  .description(
    "Exits with 1 if Terraform plans would destroy or replace a stateful resource (database, bucket, table, key, " +
      `secret, queue), unless the pull request has the label ${ALLOWING_LABEL}, or --allow names the resource.`,
  )
  .argument("<plans...>", "`terraform show -json tfplan` in <stack>.json", inputFiles)
  .option("--event <file>", "event of GitHub with the pull request's labels, for example $GITHUB_EVENT_PATH", inputFile)
  .option(
    "--allow <address>",
    "address of a resource that may be removed, as in the plan; several separated by spaces",
    addAddresses,
    [],
  )
  .action((plans: readonly string[], { event, allow }: { event?: string; allow: readonly string[] }) => {
    const labels = event === undefined ? [] : readLabels(event);
    const { allowed, refused, unused } = judgePlans(plans.map(readStackPlan), { labels, allow });
    for (const address of unused) console.error(`--allow ${address}: no plan removes it`);
    for (const { stack, address, by } of allowed) console.error(`allowed by ${by}: ${stack}: ${address}`);
    if (refused.length > 0) {
      const lines = refused.map(
        ({ stack, address, verb, loss }) => `\n  ${stack}: ${address} would be ${verb}: lost is ${loss}`,
      );
      throw new MillraceError(`Data would be lost:${lines.join("")}\nNothing was changed`, {
        fix: `If that is intended, give the pull request the label ${ALLOWING_LABEL}, or name each: --allow ADDRESS`,
      });
    }
    console.error(`plan-guard: no stateful resource is removed${allowed.length > 0 ? " except those allowed" : ""}`);
  });

runCommand(command);
