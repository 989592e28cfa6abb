import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { Command } from "commander";
import { loadConfig } from "../config/load";
import { resourceName } from "../config/names";
import { confirmName } from "./command-line/confirm-name";
import { runCommand } from "./command-line/run-command";
import { outputFolder } from "./command-line/user-path";
import { StateBackendBootstrap } from "./deliver/bootstrap/state-backend";
import { describeLocks } from "./deliver/deploy/held-lock";
import { interruptible } from "./deliver/deploy/interruption";
import { requirePreflight } from "./deliver/doctor/require-preflight";
import { terraformEnvironment } from "./deliver/terraform/environment";
import { Terraform } from "./deliver/terraform/terraform";

const root = resolve(__dirname, "..");

interface Options {
  readonly destroy?: true;
  readonly confirm?: string;
  readonly withAudit?: true;
  readonly quiet?: true;
  readonly outdir?: string;
}

const command = new Command("npm run bootstrap --")
  .description(
    "Creates the state backend of the other stacks: bucket, lock table, key, the roles of GitHub Actions, and the trail of `audit`. " +
      "For the environment in ENVIRONMENT (default dev), with this shell's AWS credentials. " +
      "Run it again after a change or an interruption; it continues where it stopped.",
  )
  .option("--destroy", "remove all of that; refused while another stack has resources")
  .option(
    "--confirm <name>",
    "with --destroy: <project>-<environment>-state-backend, for example millrace-dev-state-backend; asked for if not given",
  )
  .option("--with-audit", "with --destroy: delete the files of the trail, too; refused without it while there are any")
  .option("--quiet", "hide Terraform's output")
  .option("--outdir <dir>", "where stacks are synthesised (default: cdktf.out)", outputFolder)
  .action(async (options: Options) => {
    const config = loadConfig();
    if (options.destroy) await confirmName(resourceName(config, "state-backend"), options.confirm);
    const say = (text: string) => console.error(`bootstrap ${config.environment}: ${text}`);
    const env = await terraformEnvironment();
    const outdir = options.outdir ?? join(root, "cdktf.out");
    const work = async (interrupt: AbortSignal) => {
      if (!options.destroy) await requirePreflight(config, "bootstrap", say);
      const aws = { region: config.aws.region, endpoint: config.aws.endpoint };
      const bootstrap = new StateBackendBootstrap({
        config,
        s3: new S3Client(aws),
        iam: new IAMClient(aws),
        terraform: {
          ...{ env, outdir, interrupt },
          onLine: options.quiet ? undefined : (line) => console.error(line),
        },
        withAudit: options.withAudit,
        say,
      });
      await (options.destroy ? bootstrap.destroy() : bootstrap.create());
    };
    const folder = join(outdir, config.environment, "state-backend");
    const afterwards = async () =>
      existsSync(folder)
        ? describeLocks(new Map([["state-backend", new Terraform(folder, { env })]]))
        : "Nothing was changed";
    await interruptible(say, work, afterwards);
  });

runCommand(command);
