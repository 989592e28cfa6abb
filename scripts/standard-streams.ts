/**
 * Lets a command go on when the reader of its standard output or error goes away, as `| head` does: what is written then
 * is for nobody, and what the command does for its own sake counts all the same. To be called before anything is written.
 */
export function surviveLostReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}

/** Whether somebody may still read standard output: a command that does nothing but print ends when nobody does. */
export function hasReader(): boolean {
  return !process.stdout.destroyed && process.stdout.errored === null;
}

/** Prints how something went that is done and kept: that it cannot be printed is no failure of it, and is told in a line. */
export async function printResult(text: string): Promise<void> {
  const failure = await new Promise<Error | null | undefined>((resolve) => {
    if (hasReader()) process.stdout.write(`${text}\n`, resolve);
    else resolve(new Error("nobody reads standard output"));
  });
  if (failure) console.error(`warning: all is done, and the result could not be printed: ${failure.message}`);
}
