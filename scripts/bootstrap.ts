import { S3Client } from "@aws-sdk/client-s3";
import { Command } from "commander";
import { loadConfig } from "../config/load";
import { resourceName } from "../config/names";
import { StateBackendBootstrap } from "./bootstrap/state-backend";
import { confirmName } from "./confirm-name";
import { runCommand } from "./run-command";
import { terraformEnvironment } from "./terraform/environment";

const command = new Command("npm run bootstrap --")
  .description(
    "Makes what the other stacks keep their state in: bucket, lock table, key, and the roles of GitHub Actions. " +
      "For the environment that ENVIRONMENT names (default dev), with the AWS credentials of this shell. " +
      "Run again after a change or an interruption; it goes on where it stopped.",
  )
  .option("--destroy", "removes all that again; refused while another stack has resources")
  .option(
    "--confirm <name>",
    "with --destroy: <project>-<environment>-state-backend, for example millrace-dev-state-backend; it is asked for otherwise",
  )
  .option("--quiet", "leaves out what Terraform says")
  .option("--outdir <dir>", "where stacks are synthesized (default: cdktf.out)")
  .action(async (options: { destroy?: true; confirm?: string; quiet?: true; outdir?: string }) => {
    const config = loadConfig();
    if (options.destroy) await confirmName(resourceName(config, "state-backend"), options.confirm);
    const bootstrap = new StateBackendBootstrap({
      config,
      s3: new S3Client({ region: config.aws.region, endpoint: config.aws.endpoint }),
      terraform: {
        env: await terraformEnvironment(),
        outdir: options.outdir,
        onLine: options.quiet ? undefined : (line) => console.error(line),
      },
      say: (text) => console.error(`bootstrap ${config.environment}: ${text}`),
    });
    await (options.destroy ? bootstrap.destroy() : bootstrap.create());
  });

runCommand(command);
