import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { Emulator } from "../../../scripts/cloud/emulator";
import { findCloudPrograms } from "../../../scripts/cloud/environment/programs";
import { pythonEnvironment } from "../../../scripts/cloud/environment/python-environment";
import { runCommand } from "../../../scripts/command-line/run-command";
import { terraformEnvironment } from "../../../scripts/deliver/terraform/environment";
import { Terraform } from "../../../scripts/deliver/terraform/terraform";

const root = resolve(__dirname, "../../..");
const fixtures = join(root, "test", "fixtures", "plan-review");

/** Applies a case's before.tf, where there is one, and records what Terraform says of the plan for its after.tf. */
async function record(name: string, env: NodeJS.ProcessEnv): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-record-"));
  const terraform = new Terraform(folder, { env });
  copyFileSync(join(fixtures, "providers.tf"), join(folder, "providers.tf"));
  const before = join(fixtures, name, "before.tf");
  if (existsSync(before)) copyFileSync(before, join(folder, "main.tf"));
  await terraform.reinitialise();
  if (existsSync(before)) await terraform.apply();
  copyFileSync(join(fixtures, name, "after.tf"), join(folder, "main.tf"));
  await terraform.plan("tfplan");
  writeFileSync(join(fixtures, name, "plan.json"), `${neutral(JSON.stringify(await terraform.show("tfplan")))}\n`);
  rmSync(folder, { recursive: true });
}

/** The same recording whatever the emulator's port and account, and whenever it is made. */
function neutral(plan: string): string {
  return plan
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, "https://sqs.eu-central-1.amazonaws.com")
    .replaceAll("123456789012", "111122223333")
    .replace(/"timestamp":"[^"]+"/, '"timestamp":"2026-11-21T00:00:00Z"');
}

const command = new Command("npx tsx test/support/plans/record-plans.ts")
  .description("Records the plans that plan-review and plan-guard are tested with, against an emulated AWS.")
  .argument("[cases...]", "folders of test/fixtures/plan-review (default: all)")
  .action(async (cases: readonly string[]) => {
    const { programs, missing } = findCloudPrograms();
    if (programs === undefined) throw new Error(`missing: ${missing.map(({ name }) => name).join(", ")}`);
    const home = join(root, ".millrace");
    const requirements = join(root, "emulator", "requirements.txt");
    const python = await pythonEnvironment(programs.python, requirements, home, console.error);
    mkdirSync(join(home, "recording"), { recursive: true });
    const emulator = await Emulator.start({ python, home: join(home, "recording") });
    const aws = { AWS_ENDPOINT_URL: emulator.endpoint, AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };
    try {
      const env = await terraformEnvironment(aws);
      const folders = readdirSync(fixtures, { withFileTypes: true }).filter((entry) => entry.isDirectory());
      for (const name of cases.length > 0 ? cases : folders.map((folder) => folder.name)) {
        await record(name, env);
        console.error(`recorded ${name}`);
      }
    } finally {
      await emulator.stop();
    }
  });

runCommand(command);
