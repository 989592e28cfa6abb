import { createInterface } from "node:readline/promises";
import { UsageError } from "../../etl/core/errors";

/**
 * Lets somebody type the name of what will be gone.
 *
 * @param typed what was given on the command line; asked for on the terminal when undefined
 * @param interrupt ends the question
 * @throws UsageError when it is another name, or nobody is there to ask
 */
export async function confirmName(name: string, typed: string | undefined, interrupt?: AbortSignal): Promise<void> {
  const given = typed ?? (await ask(name, interrupt));
  if (given === name) return;
  throw new UsageError("Nothing was destroyed: the name typed is not the one asked for", {
    got: JSON.stringify(given),
    expected: name,
  });
}

async function ask(name: string, signal?: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new UsageError("Nothing was destroyed: nobody is there to type the name", {
      fix: `Give it on the command line: --confirm ${name}`,
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // readline takes Ctrl-C for itself.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return (await terminal.question(`Type ${name} to destroy it: `, { signal })).trim();
  } finally {
    terminal.close();
  }
}
