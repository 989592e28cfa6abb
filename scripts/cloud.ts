import { Command } from "commander";
import { loadConfig } from "../config/load";
import { resourceName } from "../config/names";
import { MillraceError } from "../etl/core/errors";
import { findCloudPrograms } from "./cloud/programs";
import { StartedCloud } from "./cloud/started-cloud";
import { runCommand } from "./run-command";

const ACCOUNT = "123456789012";

const command = new Command("npm run cloud --")
  .description(
    "Starts an emulated AWS on 127.0.0.1 (moto, PostgreSQL), deploys the three stacks to it with Terraform, and " +
      "leaves them running until Ctrl-C. Needs no account. The feed is the project's own samples.",
  )
  .option("--no-permissions", "lets every request pass, whatever the roles may do")
  .option("--verbose", "shows what Terraform says")
  .action(async ({ permissions, verbose }: { permissions: boolean; verbose?: true }) => {
    const { programs, missing } = findCloudPrograms();
    if (programs === undefined) {
      const list = missing.map(({ name, remedy }) => `\n  ${name}: ${remedy}`).join("");
      throw new MillraceError(`The emulated AWS needs programs that this machine lacks:${list}`);
    }
    const stop = new AbortController();
    const stopped = new Promise<void>((resolve) => {
      stop.signal.addEventListener("abort", () => resolve());
    });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
    const say = (text: string) => console.error(`cloud: ${text}`);
    const onLine = verbose ? (line: string) => console.error(line) : undefined;
    try {
      const started = await StartedCloud.start({ programs, permissions, say, onLine, signal: stop.signal });
      if (!stop.signal.aborted) console.log(howToUse(started.cloud.endpoint));
      await stopped;
      say("stopping");
      await started.stop();
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  });

function howToUse(endpoint: string): string {
  const config = loadConfig();
  const { region } = config.aws;
  const machine = `arn:aws:states:${region}:${ACCOUNT}:stateMachine:${resourceName(config, "covid")}`;
  return `
The emulated AWS is at ${endpoint}. In another shell:

  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_ACCESS_KEY_ID=emulated AWS_SECRET_ACCESS_KEY=emulated
  aws stepfunctions start-execution --state-machine-arn ${machine}
  aws stepfunctions list-executions --state-machine-arn ${machine}
  aws logs tail --since 1h /aws/lambda/${resourceName(config, "covid", "load")}

Ctrl-C stops everything.`;
}

runCommand(command);
