import { appendFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Argument, Command } from "commander";
import { loadConfig } from "../config/load";
import { runCommand } from "./command-line/run-command";
import { inputFile, inputFiles, outputFolder, userPath } from "./command-line/user-path";
import { buildForDeployment } from "./deliver/build/artifacts";
import { agrees, requireTerminal } from "./deliver/deploy/ask";
import { interruptible } from "./deliver/deploy/interruption";
import { StackDeployment } from "./deliver/deploy/stack-deployment";
import { requirePreflight } from "./deliver/doctor/require-preflight";
import { addAddresses } from "./deliver/plan-guard/addresses";
import { readLabels } from "./deliver/plan-guard/event-labels";
import { renderReview } from "./deliver/plan-review/render/render-review";
import { renderForTerminal } from "./deliver/plan-review/render/render-terminal";
import { reviewStack } from "./deliver/plan-review/review-stack";
import { readStackPlan, type StackPlan } from "./deliver/plan-review/stack-plan";
import { terraformEnvironment } from "./deliver/terraform/environment";
import { DEPLOYED_STACKS, type DeployedStack } from "./deliver/workflow/plans/deployed-stacks";
import { describeOutputs, readOutputs } from "./deliver/workflow/plans/stack-outputs";
import { startablePipeline } from "./ops/pipeline-names";
import { renderTable } from "./run/terminal/render-table";

const root = resolve(__dirname, "..");

interface Options {
  readonly planOnly?: true;
  readonly yes?: true;
  readonly allow: readonly string[];
  readonly event?: string;
  readonly reviewed?: readonly string[];
  readonly summary?: string;
  readonly outdir: string;
}

const command = new Command("npm run deploy --")
  .description(
    "Builds, synthesises and plans the stacks of the environment in ENVIRONMENT (default dev), shows what would " +
      "be destroyed, replaced and changed, asks, and deploys exactly these stacks with cdktf. The state backend belongs to the " +
      "bootstrap. On Ctrl-C, Terraform finishes its current operations.",
  )
  .addArgument(new Argument("[stacks...]", "which stacks").choices(DEPLOYED_STACKS).default(DEPLOYED_STACKS, "all"))
  .option("--plan-only", "show the plan and change nothing")
  .option("--yes", "deploy the plan without asking; still refuses to lose data")
  .option("--allow <address>", "address of a stateful resource that may be removed, as in the plan", addAddresses, [])
  .option("--event <file>", "event of GitHub with the pull request's labels, as for plan-guard", inputFile)
  .option(
    "--reviewed <plans...>",
    "<stack>.json of plan-stacks.ts that were approved: no confirmation is needed",
    inputFiles,
  )
  .option("--summary <file>", "file to append outputs to, for example $GITHUB_STEP_SUMMARY", userPath)
  .option("--outdir <dir>", "where stacks are synthesised", outputFolder, join(root, "cdktf.out"))
  .action(async (chosen: readonly DeployedStack[], options: Options) => {
    const config = loadConfig();
    const { planOnly = false, yes = false, allow, event, reviewed, summary, outdir } = options;
    if (!planOnly && !yes && reviewed === undefined) requireTerminal();
    const say = (text: string) => console.error(`deploy ${config.environment}: ${text}`);
    const stacks = DEPLOYED_STACKS.filter((stack) => chosen.includes(stack));
    let deployment: StackDeployment | undefined;
    const work = async (interrupt: AbortSignal) => {
      await requirePreflight(config, "deploy", say);
      say("building");
      await buildForDeployment(root, join(dirname(resolve(outdir)), config.artifacts.directory));
      say("synthesising, and connecting to the states");
      deployment = await StackDeployment.prepare({
        config,
        settings: { env: await terraformEnvironment(), outdir, onLine: (line) => console.error(line), interrupt },
        stacks,
        permissions: { labels: event === undefined ? [] : readLabels(event), allow },
        show: (plans) => show(plans, summary),
        agree: async (question) => yes || reviewed !== undefined || agrees(question, interrupt),
        say,
      });
      if (reviewed !== undefined) await deployment.deploy(reviewed.map(readStackPlan));
      else if (planOnly) show(await deployment.plan(), summary);
      else await deployment.decideAndDeploy(await deployment.plan());
      if (!planOnly) await tellOutputs(deployment, summary);
    };
    await interruptible(say, work, async () => deployment?.settle() ?? "Nothing was changed");
    if (planOnly) return;
    const pipeline = startablePipeline(config);
    say(pipeline === undefined ? "done" : `done. Next: npm run ops -- start ${pipeline} --wait`);
  });

function show(plans: readonly StackPlan[], summary: string | undefined): void {
  const reviews = plans.map((plan) => reviewStack(plan));
  console.log(renderForTerminal(reviews));
  if (summary !== undefined) appendFileSync(summary, renderReview("Planned at the deployment", reviews));
}

async function tellOutputs(deployment: StackDeployment, summary: string | undefined): Promise<void> {
  const rows: (readonly string[])[] = [];
  for (const [stack, terraform] of deployment.stacks) {
    if (summary !== undefined) appendFileSync(summary, await describeOutputs(stack, terraform));
    rows.push(...(await readOutputs(terraform)).map(([name, value]) => [stack, name, value]));
  }
  if (rows.length > 0) console.log(renderTable(["STACK", "OUTPUT", "VALUE"], rows));
}

runCommand(command);
