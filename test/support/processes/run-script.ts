import { resolve } from "node:path";
import { type ProgramResult, runProgram } from "../../../scripts/command-line/run-program";
import { nodeScript } from "./run-etl";

const root = resolve(__dirname, "../../..");
/** Scripts that look for nothing of the checkout beside them: what was compiled of them does the same. */
const ALONE = /^(ops|plan-guard|plan-review|deliver\/workflow\/(aws-access|drift|plan-fingerprint))\.ts$/;

/** Runs `scripts/<script>` (TypeScript, or a shell script) as a workflow does; its outcome whatever its exit code. */
export function runProjectScript(
  script: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<ProgramResult> {
  const file = `scripts/${script}`;
  const node = ALONE.test(script) ? nodeScript(script.replace(/\.ts$/, "")) : ["--import", "tsx", file];
  const [program, first] = script.endsWith(".sh") ? ["bash", [file]] : [process.execPath, node];
  const options = { cwd: root, env: { ...process.env, ...env }, accept: [0, 1, 2] };
  return runProgram(program, [...first, ...args], options);
}
