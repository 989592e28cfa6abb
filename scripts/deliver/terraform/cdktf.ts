import { resolve } from "node:path";
import { type ProgramResult, runProgram } from "../../command-line/run-program";
import type { Synthesis } from "./synth";
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
 *
 * @param synthesis what is deployed as it is; synthesised again where it is not given, or no longer stands
 */
export async function runCdktf(
  command: "deploy" | "destroy",
  stacks: readonly string[],
  settings: TerraformSettings,
  synthesis?: Synthesis,
): Promise<void> {
  const run = (...args: readonly string[]) => start([command, ...args], settings, synthesis);
  if (command === "deploy" && stacks.length > 1) await run(...stacks);
  else for (const stack of stacks) await run(stack, "--ignore-missing-stack-dependencies");
}

async function start(
  command: readonly string[],
  { outdir, ...settings }: TerraformSettings,
  synthesis: Synthesis | undefined,
): Promise<ProgramResult> {
  // The app alone, without the check of the build that cdktf.json runs before it: the caller has built.
  const app = synthesis?.stands() ? ["--skip-synth"] : ["--app", "node scripts/start.cjs ../main"];
  const args = [...command, "--auto-approve", "--skip-provider-lock", ...app];
  if (outdir !== undefined) args.push("--output", outdir);
  return runProgram(cdktf, args, { cwd: root, ...settings });
}
