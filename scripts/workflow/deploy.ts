import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQSClient } from "@aws-sdk/client-sqs";
import { Command } from "commander";
import { loadConfig } from "../../config/load";
import { MillraceError } from "../../etl/core/errors";
import { addAddresses } from "../plan-guard/addresses";
import { readLabels } from "../plan-guard/event-labels";
import { judgePlans } from "../plan-guard/judge-plans";
import { renderReview } from "../plan-review/render-review";
import { reviewStack } from "../plan-review/review-stack";
import { readStackPlan } from "../plan-review/stack-plan";
import { runCommand } from "../run-command";
import { runCdktf } from "../terraform/cdktf";
import { terraformEnvironment } from "../terraform/environment";
import type { TerraformSettings } from "../terraform/synthesize-stack";
import { connectStacks, DEPLOYED_STACKS } from "./deployed-stacks";
import { describeOutputs } from "./stack-outputs";
import { StackPlanner } from "./stack-planner";

interface Options {
  readonly event?: string;
  readonly allow: readonly string[];
  readonly summary?: string;
  readonly outdir?: string;
}

const command = new Command("npx tsx scripts/workflow/deploy.ts")
  .description(
    "cdktf deploy network etl, after the plans in the folder given were reviewed. A stack that waited for another one " +
      "is planned and guarded once that one is deployed. Needs `npm run build`.",
  )
  .argument("<plans...>", "<stack>.json of plan-stacks.ts")
  .option("--event <file>", "event of GitHub, as for plan-guard")
  .option("--allow <address>", "as for plan-guard", addAddresses, [])
  .option("--summary <file>", "file that outputs are added to, for example $GITHUB_STEP_SUMMARY")
  .option("--outdir <dir>", "where stacks are synthesized (default: cdktf.out)")
  .action(async (plans: readonly string[], options: Options) => {
    const { environment } = loadConfig();
    const say = (text: string) => console.error(`deploy ${environment}: ${text}`);
    const onLine = (line: string) => console.error(line);
    const settings: TerraformSettings = { env: await terraformEnvironment(), outdir: options.outdir };
    const tell = (text: string) => (options.summary === undefined ? say(text) : appendFileSync(options.summary, text));
    const waiting = plans.map(readStackPlan).flatMap(({ waiting }) => waiting?.waits_for ?? []);
    if (waiting.length > 0) {
      say(`${waiting.join(" and ")} first: a stack waits for it`);
      await runCdktf("deploy", waiting, { ...settings, onLine });
      await guardAgain(settings, options, tell);
    }
    await runCdktf("deploy", DEPLOYED_STACKS, { ...settings, onLine });
    for (const [stack, terraform] of await connectStacks(settings)) tell(await describeOutputs(stack, terraform));
    say("done");
  });

/** What could not be planned before is planned, shown and guarded now. */
async function guardAgain(
  settings: TerraformSettings,
  { event, allow }: Options,
  tell: (text: string) => void,
): Promise<void> {
  const { aws } = loadConfig();
  const out = mkdtempSync(join(tmpdir(), "millrace-plans-"));
  try {
    const planner = await StackPlanner.prepare(settings, new SQSClient({ region: aws.region, endpoint: aws.endpoint }));
    const plans = (await planner.plan({ out, say: () => undefined })).map(readStackPlan);
    tell(
      renderReview(
        "Planned after its upstream was deployed",
        plans.map((plan) => reviewStack(plan)),
      ),
    );
    const { refused } = judgePlans(plans, { labels: event === undefined ? [] : readLabels(event), allow });
    if (refused.length === 0) return;
    const addresses = refused.map(({ stack, address }) => `${stack}: ${address}`).join(", ");
    throw new MillraceError("Data would be lost: deployed is only what other stacks wait for", { got: addresses });
  } finally {
    rmSync(out, { recursive: true });
  }
}

runCommand(command);
