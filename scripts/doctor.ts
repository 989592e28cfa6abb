import { Command } from "commander";
import { loadConfig } from "../config/load";
import { runCommand } from "./command-line/run-command";
import { printData } from "./command-line/standard-streams";
import { AwsAccount } from "./deliver/doctor/aws-account";
import { preflight } from "./deliver/doctor/checks";
import { renderFindings } from "./deliver/doctor/finding";
import { ThisMachine } from "./deliver/doctor/this-machine";

const command = new Command("npm run doctor --")
  .description(
    "Checks everything that a bootstrap and a deployment of ENVIRONMENT (default dev) need, with the AWS credentials of " +
      "this shell, and says what to fix. Changes nothing. It is the first step of npm run bootstrap and npm run deploy.",
  )
  .option("--json", "print one JSON array of {name, level, detail, fix}")
  .action(async ({ json }: { readonly json?: true }) => {
    const config = loadConfig();
    const findings = await preflight({ config, machine: new ThisMachine(), account: new AwsAccount(config) });
    await printData(json ? JSON.stringify(findings) : renderFindings(findings));
    process.exitCode = findings.some(({ level }) => level === "fail") ? 1 : 0;
  });

runCommand(command);
