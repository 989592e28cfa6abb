import { resolve } from "node:path";
import { runProgram } from "../run-program";
import type { TerraformSettings } from "./synthesize-stack";

const cdktf = resolve(__dirname, "../../node_modules/.bin/cdktf");

/** Runs `cdktf deploy` as in the README: the stacks named, in the order of their dependencies. */
export async function deployStacks(stacks: readonly string[], settings: TerraformSettings): Promise<void> {
  await runCdktf(["deploy", ...stacks], settings);
}

/**
 * Runs `cdktf destroy` for one stack after the other, in the order given. cdktf wants every stack that depends on
 * another to go with it, whether there is anything of it or not; told to ignore that, cdktf 0.21 starts a stack again
 * and again while a second one waits, so that it is given one at a time.
 */
export async function destroyStacks(stacks: readonly string[], settings: TerraformSettings): Promise<void> {
  for (const stack of stacks) await runCdktf(["destroy", stack, "--ignore-missing-stack-dependencies"], settings);
}

async function runCdktf(command: readonly string[], { env, outdir, onLine, signal }: TerraformSettings): Promise<void> {
  const args = [...command, "--auto-approve", "--skip-provider-lock"];
  if (outdir !== undefined) args.push("--output", outdir);
  await runProgram(cdktf, args, { cwd: resolve(__dirname, "../.."), env, onLine, signal });
}
