import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { counted } from "../etl/core/counted";
import { MillraceError } from "../etl/core/errors";
import { findCloudProgram } from "./cloud/environment/programs";
import { runCommand } from "./command-line/run-command";
import { synthesize } from "./deliver/terraform/synth";
import { runCheckov } from "./project/scan/checkov";
import { exceptionsSchema, judge } from "./project/scan/exceptions";
import { runGitleaks } from "./project/scan/gitleaks";

const root = resolve(__dirname, "..");
const home = join(root, ".millrace");
const say = (text: string) => console.error(text);

async function scanStacks(): Promise<readonly string[]> {
  const { path: python, missing } = findCloudProgram("python");
  if (python === undefined) throw new MillraceError(`${missing.name} is missing`, { fix: missing.remedy });
  const folder = mkdtempSync(join(tmpdir(), "millrace-scan-"));
  try {
    const { folder: stacks } = await synthesize({ ...process.env, ENVIRONMENT: "prod" }, folder);
    const findings = await runCheckov(stacks, { python, home, say });
    const file = readFileSync(join(__dirname, "project/scan/exceptions.json"), "utf8");
    const exceptions = exceptionsSchema.parse(JSON.parse(file));
    const checks = new Set(exceptions.map(({ check }) => check)).size;
    console.log(
      `checkov: ${counted(findings.passed, "check")} passed, ${counted(findings.failed.length, "finding")}, ${counted(checks, "check")} excepted`,
    );
    return judge(findings, exceptions);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function scanSecrets(): Promise<readonly string[]> {
  const found = await runGitleaks(root, home, say);
  console.log(found === "" ? "gitleaks: no secrets in the tree" : "gitleaks: secrets in the tree");
  return found === "" ? [] : [found];
}

const program = new Command("npm run scan --")
  .description("Scans the synthesised prod stacks with checkov and the tree with gitleaks.")
  .action(async () => {
    const problems = [...(await scanStacks()), ...(await scanSecrets())];
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) throw new MillraceError(`the scan found ${problems.length} problems`);
  });

runCommand(program);
