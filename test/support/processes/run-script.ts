import { resolve } from "node:path";
import { type ProgramResult, runProgram } from "../../../scripts/command-line/run-program";

const root = resolve(__dirname, "../../..");

/** Runs `scripts/<script>` (TypeScript, or a shell script) as a workflow does; its outcome whatever its exit code. */
export function runProjectScript(
  script: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<ProgramResult> {
  const file = `scripts/${script}`;
  const [program, first] = script.endsWith(".sh") ? ["bash", []] : [process.execPath, ["--import", "tsx"]];
  const options = { cwd: root, env: { ...process.env, ...env }, accept: [0, 1, 2] };
  return runProgram(program, [...first, file, ...args], options);
}
