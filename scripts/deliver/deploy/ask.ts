import { createInterface } from "node:readline/promises";
import { UsageError } from "../../../etl/core/errors";

/** @throws UsageError without a terminal to ask on */
export function requireTerminal(): void {
  if (process.stdin.isTTY) return;
  throw new UsageError("Nothing was deployed: there is no terminal to confirm on", {
    fix: "Give --yes to deploy the plan, or --plan-only to see it",
  });
}

/** Whether the user at the terminal says yes. */
export async function agrees(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // readline handles Ctrl-C itself.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
  } finally {
    terminal.close();
  }
}
