import { appendFileSync } from "node:fs";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";
import { Command, InvalidArgumentError } from "commander";
import { loadConfig } from "../../../config/load";
import type { Config } from "../../../config/schema";
import { MillraceError } from "../../../etl/core/errors";
import { runCommand } from "../../command-line/run-command";
import { describeAllUnheard } from "../doctor/subscribers";
import { codeBlock, escapeMarkdown } from "../plan-review/render/escape-markdown";
import { terraformEnvironment } from "../terraform/environment";
import { connectStacks } from "./plans/deployed-stacks";
import { runToEnd } from "./smoke/run-to-end";
import { isPassable, smokePipeline } from "./smoke/smoke-pipeline";

interface Options {
  readonly pipeline?: string;
  readonly timeout: number;
  readonly summary?: string;
  readonly outdir?: string;
}

function seconds(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected seconds, 1 to 99999");
}

const command = new Command("npx tsx scripts/deliver/workflow/smoke-test.ts")
  .description(
    "Starts the state machine of a deployed pipeline, waits for its end and shows its result; exits with 1 unless it " +
      "succeeded. It loads the same as the schedule would: an extra run changes nothing that the next one would not. " +
      "A source that does not answer is a warning, unless smokeTest.needsSource is set; so is an e-mail address that has not confirmed.",
  )
  .option("--pipeline <name>", "which pipeline (default: smokeTest.pipeline, or the first that can be started)")
  .option("--timeout <seconds>", "how long to wait for its end", seconds, 900)
  .option("--summary <file>", "file to append the result to, for example $GITHUB_STEP_SUMMARY")
  .option("--outdir <dir>", "where stacks are synthesised (default: cdktf.out)")
  .action(async ({ pipeline, timeout, summary, outdir }: Options) => {
    const config = loadConfig();
    const tell = (lines: readonly string[]) => {
      if (summary !== undefined) appendFileSync(summary, `\n${lines.join("\n")}\n`);
    };
    const name = smokePipeline(config, pipeline);
    if (name === undefined) {
      console.error("smoke test: skipped, since no pipeline of this environment can be started");
      tell(["The smoke test was skipped: no pipeline of this environment can be started."]);
      return;
    }
    const machine = await findMachine(name, outdir);
    for (const line of await describeAllUnheard(config, new SNSClient(clientOf(config)), machine)) {
      console.error(`smoke test: ${line}`);
      tell([`**Warning:** ${escapeMarkdown(line)}`]);
    }
    try {
      const result = await runToEnd(new SFNClient(clientOf(config)), machine, {
        timeoutSeconds: timeout,
        pollSeconds: 2,
      });
      console.log(result);
      tell([`The pipeline ${name} succeeded:`, "", ...codeBlock("json", result.split("\n"))]);
    } catch (error) {
      if (!isPassable(config, error)) throw error;
      console.error(
        `smoke test: a source of ${name} does not answer, which does not fail the deployment: ${error.message}`,
      );
      tell([`The smoke test has no result: a source of ${name} does not answer.`, "", escapeMarkdown(error.message)]);
    }
  });

function clientOf({ aws }: Config) {
  return { region: aws.region, endpoint: aws.endpoint };
}

async function findMachine(pipeline: string, outdir: string | undefined): Promise<string> {
  const stacks = await connectStacks({ env: await terraformEnvironment(), outdir });
  const name = `${pipeline.replaceAll("-", "_")}_state_machine_arn`;
  const machine = (await stacks.get("etl")?.outputs())?.[name];
  if (typeof machine === "string") return machine;
  throw new MillraceError(`The etl stack has no output ${name}`, { fix: "Deploy the pipeline, or name another." });
}

runCommand(command);
