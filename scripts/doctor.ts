import { Command } from "commander";
import { loadConfig } from "../config/load";
import { AwsAccount } from "./doctor/aws-account";
import { preflight } from "./doctor/checks";
import { renderFindings } from "./doctor/finding";
import { ThisMachine } from "./doctor/this-machine";
import { runCommand } from "./run-command";
import { printData } from "./standard-streams";

const command = new Command("npm run doctor --")
  .description(
    "Looks at all that a bootstrap and a deployment of ENVIRONMENT (default dev) need, with the AWS credentials of " +
      "this shell, and says what to mend. Changes nothing. It is the first step of npm run bootstrap and npm run deploy.",
  )
  .option("--json", "standard output is one JSON array of {name, level, detail, fix}")
  .action(async ({ json }: { readonly json?: true }) => {
    const config = loadConfig();
    const findings = await preflight({ config, machine: new ThisMachine(), account: new AwsAccount(config) });
    await printData(json ? JSON.stringify(findings) : renderFindings(findings));
    process.exitCode = findings.some(({ level }) => level === "fail") ? 1 : 0;
  });

runCommand(command);
