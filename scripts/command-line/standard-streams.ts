import { findErrorCode } from "../../etl/core/database/database";
import { MillraceError } from "../../etl/core/errors";

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

/**
 * Prints what a command was asked for: data that is lost on its way is a failure, a reader that has enough (`| head`) is none.
 *
 * @throws MillraceError where it cannot be written, on a full disk for example
 */
export async function printData(text: string): Promise<void> {
  const cause = await new Promise<Error | null | undefined>((resolve) => process.stdout.write(`${text}\n`, resolve));
  if (!cause || findErrorCode(cause) === "EPIPE") return;
  throw new MillraceError("The result cannot be written to standard output", {
    got: cause.message,
    fix: "Free space where it goes, or name another place, and run again",
    cause,
  });
}
