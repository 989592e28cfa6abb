import { join, resolve } from "node:path";
import { loadConfig } from "../../../config/load";
import { runProgram } from "../../command-line/run-program";

const root = resolve(__dirname, "../../..");

/**
 * Synthesises all stacks, like `cdktf synth`, and returns the environment's folder, with one folder per stack.
 *
 * @param outdir default `cdktf.out` in the project's root, which the cdktf command uses too
 */
export async function synthesize(env: NodeJS.ProcessEnv, outdir = join(root, "cdktf.out")): Promise<string> {
  const node = [process.execPath, "--import", "tsx", "main.ts"] as const;
  await runProgram(node[0], node.slice(1), { cwd: root, env: { ...env, CDKTF_OUTDIR: outdir } });
  return join(outdir, loadConfig(env).environment);
}
