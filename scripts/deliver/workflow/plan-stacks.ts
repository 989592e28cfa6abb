import { Command } from "commander";
import { loadConfig } from "../../../config/load";
import { runCommand } from "../../command-line/run-command";
import { terraformEnvironment } from "../terraform/environment";
import { StackPlanner } from "./plans/stack-planner";

interface Options {
  readonly out: string;
  readonly destroy?: true;
  readonly outdir?: string;
}

const command = new Command("npx tsx scripts/deliver/workflow/plan-stacks.ts")
  .description(
    "Plans network and etl of ENVIRONMENT, in the order of their deployment, without " +
      "a lock. A stack whose upstream is not deployed yet is recorded as waiting. Needs `npm run build`.",
  )
  .requiredOption("--out <dir>", "folder for <stack>.json, for plan-review and plan-guard; it can contain secrets")
  .option("--destroy", "plan the destruction of the deployed stacks")
  .option("--outdir <dir>", "where stacks are synthesised (default: cdktf.out)")
  .action(async ({ out, destroy, outdir }: Options) => {
    const config = loadConfig();
    const say = (text: string) => console.error(`plan ${config.environment}: ${text}`);
    const planner = await StackPlanner.prepare({ env: await terraformEnvironment(), outdir }, config);
    const files = await planner.plan({ out, destroy, say });
    for (const file of files) console.log(file);
  });

runCommand(command);
