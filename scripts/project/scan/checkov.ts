import { join } from "node:path";
import { pythonEnvironment } from "../../cloud/environment/python-environment";
import { runProgram } from "../../command-line/run-program";
import { type Findings, readFindings } from "./findings";

export interface CheckovOptions {
  readonly python: string;
  /** Folder of checkov's own Python environment. */
  readonly home: string;
  readonly say: (text: string) => void;
}

/** Scans synthesised stacks. Needs no internet once its Python environment exists. */
export async function runCheckov(stacks: string, { python, home, say }: CheckovOptions): Promise<Findings> {
  const environment = await pythonEnvironment(python, join(__dirname, "requirements.txt"), home, say);
  const scan = ["-d", stacks, "--framework", "terraform_json", "--skip-download", "--compact", "--quiet", "-o", "json"];
  const { stdout } = await runProgram(environment, ["-m", "checkov.main", ...scan], {
    // 1 is its code for findings; we decide which of them matter.
    accept: [0, 1],
    env: { ...process.env, LOG_LEVEL: "ERROR" },
  });
  return readFindings(stdout);
}
