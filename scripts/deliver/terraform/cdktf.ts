import { resolve } from "node:path";
import { type ProgramResult, runProgram } from "../../command-line/run-program";
import type { TerraformSettings } from "./synthesize-stack";

const root = resolve(__dirname, "../../..");
const cdktf = resolve(root, "node_modules/.bin/cdktf");

/**
 * Runs `cdktf deploy` or `cdktf destroy` as in the README.
 *
 * Several are deployed in the order of their dependencies; a single one is deployed whether or not its dependencies are
 * deployed again. Destroyed is one stack after the other, in the order given: cdktf requires every dependent stack to
 * be destroyed too, whether or not it is deployed; if told to ignore that, cdktf 0.21 starts a stack again and again
 * while a second one waits.
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
  // The app alone, without the check of the build that cdktf.json runs before it: the caller has built.
  const args = [...command, "--auto-approve", "--skip-provider-lock", "--app", "node --import tsx main.ts"];
  if (outdir !== undefined) args.push("--output", outdir);
  return runProgram(cdktf, args, { cwd: root, ...settings });
}
