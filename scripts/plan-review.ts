import { appendFileSync } from "node:fs";
import { Command } from "commander";
import { runCommand } from "./command-line/run-command";
import { inputFile, inputFiles, userPath } from "./command-line/user-path";
import { readKnownNoise } from "./deliver/plan-review/known-noise";
import { COMMENT_LIMIT, cutMarkdown, SUMMARY_LIMIT } from "./deliver/plan-review/render/cut-markdown";
import { renderReview } from "./deliver/plan-review/render/render-review";
import { reviewStack } from "./deliver/plan-review/review-stack";
import { readStackPlan } from "./deliver/plan-review/stack-plan";

interface Options {
  readonly title: string;
  readonly noise?: string;
  readonly summary?: string;
  readonly link?: string;
}

const command = new Command("npm run --silent plan-review --")
  .description(
    "Renders Terraform plans as Markdown for a reviewer: destroyed or replaced resources first, then monthly costs, " +
      "permissions, and the rest. Secrets are masked. Standard output is short enough for a comment on GitHub.",
  )
  .argument(
    "<plans...>",
    "`terraform show -json tfplan` in <stack>.json, in the order in which they are deployed",
    inputFiles,
  )
  .option("--title <text>", "headline", "Plan")
  .option("--noise <file>", 'attributes to collapse: JSON [{"type", "attribute", "reason"}]', inputFile)
  .option("--summary <file>", "file to append the full text to, for example $GITHUB_STEP_SUMMARY", userPath)
  .option("--link <url>", "where the full text can be read, if the comment is cut")
  .action((plans: readonly string[], { title, noise, summary, link }: Options) => {
    const known = noise === undefined ? [] : readKnownNoise(noise);
    const review = renderReview(
      title,
      plans.map((file) => reviewStack(readStackPlan(file), known)),
    );
    if (summary !== undefined) appendFileSync(summary, forSummary(review));
    const place = link === undefined ? "the job's summary" : `[the job's summary](${link})`;
    process.stdout.write(
      cutMarkdown(review, {
        limit: COMMENT_LIMIT,
        note: `Cut at GitHub's limit for a comment: the rest is in ${place}.`,
      }),
    );
  });

function forSummary(review: string): string {
  const note = "Cut at GitHub's limit for a summary: the rest is shown by `npm run plan-review` on a checkout.";
  return cutMarkdown(`${review}\n`, { limit: SUMMARY_LIMIT, measure: (text) => Buffer.byteLength(text), note });
}

runCommand(command);
