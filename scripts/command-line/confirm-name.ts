import { createInterface } from "node:readline/promises";
import { UsageError } from "../../etl/core/errors";

/**
 * Asks the user to type the name of what will be destroyed.
 *
 * @param typed the name from the command line; asked for on the terminal if undefined
 * @param interrupt ends the question
 * @throws UsageError if it is another name, or there is no terminal
 */
export async function confirmName(name: string, typed: string | undefined, interrupt?: AbortSignal): Promise<void> {
  const given = typed ?? (await ask(name, interrupt));
  if (given === name) return;
  throw new UsageError("Nothing was destroyed: the typed name is wrong", {
    got: JSON.stringify(given),
    expected: name,
  });
}

async function ask(name: string, signal?: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new UsageError("Nothing was destroyed: there is no terminal to type the name on", {
      fix: `Give it on the command line: --confirm ${name}`,
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // readline handles Ctrl-C itself.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return (await terminal.question(`Type ${name} to destroy it: `, { signal })).trim();
  } finally {
    terminal.close();
  }
}
