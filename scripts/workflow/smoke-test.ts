import { appendFileSync } from "node:fs";
import { SFNClient } from "@aws-sdk/client-sfn";
import { Command, InvalidArgumentError } from "commander";
import { loadConfig } from "../../config/load";
import { MillraceError } from "../../etl/core/errors";
import { codeBlock } from "../plan-review/escape-markdown";
import { runCommand } from "../run-command";
import { terraformEnvironment } from "../terraform/environment";
import { connectStacks } from "./deployed-stacks";
import { runToEnd } from "./run-to-end";

interface Options {
  readonly pipeline: string;
  readonly timeout: number;
  readonly summary?: string;
  readonly outdir?: string;
}

function seconds(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected seconds, 1 to 99999");
}

const command = new Command("npx tsx scripts/workflow/smoke-test.ts")
  .description(
    "Starts the state machine of a deployed pipeline, waits for its end and shows its result; ends with 1 unless it " +
      "succeeded. It loads what the schedule would have loaded: a run more changes nothing that the next would not.",
  )
  .option("--pipeline <name>", "which one", "covid")
  .option("--timeout <seconds>", "how long to wait for its end", seconds, 900)
  .option("--summary <file>", "file that the result is added to, for example $GITHUB_STEP_SUMMARY")
  .option("--outdir <dir>", "where stacks are synthesized (default: cdktf.out)")
  .action(async ({ pipeline, timeout, summary, outdir }: Options) => {
    const { aws } = loadConfig();
    const stacks = await connectStacks({ env: await terraformEnvironment(), outdir });
    const name = `${pipeline.replaceAll("-", "_")}_state_machine_arn`;
    const machine = (await stacks.get("etl")?.outputs())?.[name];
    if (typeof machine !== "string") {
      throw new MillraceError(`The etl stack has no output ${name}`, { fix: "Deploy the pipeline, or name another." });
    }
    const sfn = new SFNClient({ region: aws.region, endpoint: aws.endpoint });
    const result = await runToEnd(sfn, machine, { timeoutSeconds: timeout, pollSeconds: 2 });
    console.log(result);
    if (summary === undefined) return;
    const lines = ["", `The pipeline ${pipeline} ran to its end:`, "", ...codeBlock("json", result.split("\n"))];
    appendFileSync(summary, `${lines.join("\n")}\n`);
  });

runCommand(command);
