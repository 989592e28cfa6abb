import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Deployment } from "../../../scripts/cloud/deployment";

const root = resolve(__dirname, "../../..");

export interface Interrupted {
  readonly code: number | null;
  readonly output: string;
}

/**
 * `npm run <script> -- <args>`, and Ctrl-C as a terminal gives it, to the whole group, at the first line that matches.
 * Terraform starts its provider itself, as it does for a person: a kept one would not be of the group.
 */
export async function pressCtrlC(
  { env, outdir }: Deployment,
  script: string,
  args: readonly string[],
  at: RegExp,
): Promise<Interrupted> {
  const command = ["--import", "tsx", `scripts/${script}.ts`, "--outdir", outdir, ...args];
  const own = { ...env, TF_REATTACH_PROVIDERS: undefined };
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: own,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { pid, stdout, stderr } = child;
  if (pid === undefined) throw new Error(`${script} cannot be started`);
  const output: string[] = [];
  let pressed = false;
  for (const input of [stdout, stderr]) {
    createInterface({ input }).on("line", (line) => {
      output.push(line);
      if (pressed || !at.test(line)) return;
      pressed = true;
      process.kill(-pid, "SIGINT");
    });
  }
  const [code] = await once(child, "close");
  if (!pressed) throw new Error(`${script} ended before it said ${at}:\n${output.join("\n")}`);
  return { code, output: output.join("\n") };
}
