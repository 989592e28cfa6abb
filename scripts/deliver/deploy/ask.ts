import { createInterface } from "node:readline/promises";
import { UsageError } from "../../../etl/core/errors";

/** @throws UsageError where nobody can be asked */
export function requireTerminal(): void {
  if (process.stdin.isTTY) return;
  throw new UsageError("Nothing was deployed: nobody is there to say yes", {
    fix: "Give --yes to deploy what the plan shows, or --plan-only to look at it",
  });
}

/** Whether somebody at the terminal says yes. */
export async function agrees(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // readline takes Ctrl-C for itself.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
  } finally {
    terminal.close();
  }
}
