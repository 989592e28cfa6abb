import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { type ProgramResult, runProgram } from "../../../scripts/command-line/run-program";
import { nodeScript, watch } from "./run-etl";

const root = resolve(__dirname, "../../..");
/** Scripts that look for nothing of the checkout beside them: what was compiled of them does the same. */
const ALONE = /^(ops|plan-guard|plan-review|deliver\/workflow\/(aws-access|drift|plan-fingerprint))\.ts$/;

/** Runs `scripts/<script>` (TypeScript, or a shell script) as a workflow does; its outcome whatever its exit code. */
export function runProjectScript(
  script: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<ProgramResult> {
  const [program, first] = script.endsWith(".sh")
    ? ["bash", [`scripts/${script}`]]
    : [process.execPath, nodeArguments(script)];
  const options = { cwd: root, env: { ...process.env, ...env }, accept: [0, 1, 2] };
  return runProgram(program, [...first, ...args], options);
}

/** As {@link runProjectScript}, for a test that does something meanwhile. @param script of TypeScript */
export function startProjectScript(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const stdio: ("ignore" | "pipe")[] = ["ignore", "pipe", "pipe"];
  const options = { cwd: root, env: { ...process.env, ...env }, stdio };
  return watch(spawn(process.execPath, [...nodeArguments(script), ...args], options));
}

function nodeArguments(script: string): readonly string[] {
  return ALONE.test(script) ? nodeScript(script.replace(/\.ts$/, "")) : ["--import", "tsx", `scripts/${script}`];
}
