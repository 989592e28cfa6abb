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
    "Plans network and etl of the environment that ENVIRONMENT names, in the order in which they are deployed, without " +
      "a lock. A stack whose upstream is not deployed yet is written down as waiting. Needs `npm run build`.",
  )
  .requiredOption("--out <dir>", "where <stack>.json goes, for plan-review and plan-guard; it can hold secrets")
  .option("--destroy", "plans the destruction of what is deployed")
  .option("--outdir <dir>", "where stacks are synthesized (default: cdktf.out)")
  .action(async ({ out, destroy, outdir }: Options) => {
    const config = loadConfig();
    const say = (text: string) => console.error(`plan ${config.environment}: ${text}`);
    const planner = await StackPlanner.prepare({ env: await terraformEnvironment(), outdir }, config);
    const files = await planner.plan({ out, destroy, say });
    for (const file of files) console.log(file);
  });

runCommand(command);
