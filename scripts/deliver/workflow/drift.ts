import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { counted } from "../../../etl/core/counted";
import { runCommand } from "../../command-line/run-command";
import { readKnownNoise } from "../plan-review/known-noise";
import { COMMENT_LIMIT, cutMarkdown } from "../plan-review/render/cut-markdown";
import { renderReview } from "../plan-review/render/render-review";
import { reviewStack } from "../plan-review/review-stack";
import { readStackPlan } from "../plan-review/stack-plan";

interface Options {
  readonly title: string;
  readonly out: string;
  readonly noise?: string;
}

/** A stack that was never deployed cannot have drifted. */
const command = new Command("npx tsx scripts/deliver/workflow/drift.ts")
  .description("Says whether plans have changes other than known noise: the deployment differs from this commit.")
  .argument("<plans...>", "<stack>.json of plan-stacks.ts")
  .requiredOption("--out <dir>", "folder for `drift`, which is true or false, and report.md, for drift-issue.sh")
  .option("--title <text>", "headline of the report", "Drift")
  .option("--noise <file>", "as for plan-review")
  .action((files: readonly string[], { title, out, noise }: Options) => {
    const known = noise === undefined ? [] : readKnownNoise(noise);
    const plans = files.map(readStackPlan).filter(({ waiting }) => waiting === undefined);
    const stacks = plans.map((plan) => reviewStack(plan, known));
    const drift = stacks.some(({ changes, outputs }) => changes.length > 0 || outputs.length > 0);
    const note = "Cut at GitHub's limit: `npm run plan-review` shows the rest on a checkout.";
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, "drift"), `${drift}\n`);
    writeFileSync(
      join(out, "report.md"),
      cutMarkdown(renderReview(title, stacks), { limit: COMMENT_LIMIT - 1000, note }),
    );
    console.log(
      drift ? `drift in ${counted(stacks.filter(({ changes }) => changes.length > 0).length, "stack")}` : "no drift",
    );
  });

runCommand(command);
