import { resolve } from "node:path";
import { type ProgramResult, runProgram } from "../../command-line/run-program";
import type { TerraformSettings } from "./synthesize-stack";

const root = resolve(__dirname, "../../..");
const cdktf = resolve(root, "node_modules/.bin/cdktf");

/**
 * Runs `cdktf deploy` or `cdktf destroy` as in the README.
 *
 * Several are deployed in the order of their dependencies; one alone is, whether what it depends on is deployed again or
 * not. Destroyed is one stack after the other, in the order given: cdktf wants every stack that depends on another to go
 * with it, whether there is anything of it or not; told to ignore that, cdktf 0.21 starts a stack again and again for as
 * long as a second one waits.
 */
export async function runCdktf(
  command: "deploy" | "destroy",
  stacks: readonly string[],
  settings: TerraformSettings,
): Promise<void> {
  if (command === "deploy" && stacks.length > 1) await run(["deploy", ...stacks], settings);
  else for (const stack of stacks) await run([command, stack, "--ignore-missing-stack-dependencies"], settings);
}

async function run(command: readonly string[], { outdir, ...settings }: TerraformSettings): Promise<ProgramResult> {
  // The app alone, without the look at the build that cdktf.json puts before it: who calls this has built.
  const args = [...command, "--auto-approve", "--skip-provider-lock", "--app", "npx tsx main.ts"];
  if (outdir !== undefined) args.push("--output", outdir);
  return runProgram(cdktf, args, { cwd: root, ...settings });
}
