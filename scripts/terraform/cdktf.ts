import { join, resolve } from "node:path";
import { type ProgramResult, runProgram } from "../run-program";
import type { TerraformSettings } from "./synthesize-stack";

const root = resolve(__dirname, "../..");

/** Runs `cdktf deploy` or `cdktf destroy` as in the README: the stacks named, in the order of their dependencies. */
export async function runCdktf(
  command: "deploy" | "destroy",
  stacks: readonly string[],
  { env, outdir, onLine, signal }: TerraformSettings,
): Promise<ProgramResult> {
  const args = [command, ...stacks, "--auto-approve", "--skip-provider-lock"];
  // cdktf wants every stack that depends on another to go with it, whether there is anything of it or not.
  if (command === "destroy") args.push("--ignore-missing-stack-dependencies");
  if (outdir !== undefined) args.push("--output", outdir);
  return runProgram(join(root, "node_modules", ".bin", "cdktf"), args, { cwd: root, env, onLine, signal });
}
