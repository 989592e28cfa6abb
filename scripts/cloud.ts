import { Command } from "commander";
import { loadConfig } from "../config/load";
import { MillraceError } from "../etl/core/errors";
import { findCloudPrograms } from "./cloud/environment/programs";
import { StartedCloud } from "./cloud/started-cloud";
import { terraformProgress } from "./cloud/terraform-progress";
import { runCommand } from "./command-line/run-command";
import { startablePipeline } from "./ops/pipeline-names";

/** The shortest time between two lines of progress. */
const PROGRESS_MS = 10_000;

const command = new Command("npm run cloud --")
  .description(
    "Starts an emulated AWS on 127.0.0.1 (moto, PostgreSQL), deploys the three stacks to it with Terraform, and " +
      "leaves them running until Ctrl-C. Needs no account. The feed is the project's own samples.",
  )
  .option("--no-permissions", "allow every request, whatever the roles permit")
  .option("--verbose", "show Terraform's whole output, in place of its progress")
  .action(async ({ permissions, verbose }: { permissions: boolean; verbose?: true }) => {
    const { programs, missing } = findCloudPrograms();
    if (programs === undefined) {
      const list = missing.map(({ name, remedy }) => `\n  ${name}: ${remedy}`).join("");
      throw new MillraceError(`The emulated AWS needs programs that this machine does not have:${list}`);
    }
    const stop = new AbortController();
    const stopped = new Promise<void>((resolve) => {
      stop.signal.addEventListener("abort", () => resolve());
    });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
    const say = (text: string) => console.error(`cloud: ${text}`);
    const onLine = verbose ? (line: string) => console.error(line) : terraformProgress(say, PROGRESS_MS);
    try {
      const started = await StartedCloud.start({ programs, permissions, say, onLine, signal: stop.signal });
      if (!stop.signal.aborted) console.log(howToUse(started));
      await stopped;
      say("stopping");
      await started.stop();
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  });

function howToUse({ cloud, configFile }: StartedCloud): string {
  const pipeline = startablePipeline(loadConfig()) ?? "PIPELINE";
  return `
The emulated AWS is at ${cloud.endpoint}. In another shell, in this checkout:

  unset AWS_PROFILE AWS_SESSION_TOKEN
  export AWS_ENDPOINT_URL=${cloud.endpoint} AWS_REGION=${cloud.region} AWS_ACCESS_KEY_ID=emulated AWS_SECRET_ACCESS_KEY=emulated
  export MILLRACE_CONFIG=${configFile}

  npm run ops -- list
  npm run ops -- start ${pipeline} --wait
  npm run ops -- runs ${pipeline}
  npm run ops -- logs ${pipeline}

After a change of code or configuration, in that shell:

  npm run deploy -- --yes

Ctrl-C stops everything.`;
}

runCommand(command);
