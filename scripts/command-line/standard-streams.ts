import { findErrorCode } from "../../etl/core/database/database";
import { MillraceError } from "../../etl/core/errors";

/**
 * Lets a command continue when the reader of its standard output or error goes away, like `| head`: later output is
 * lost, but the command's work still counts. Call it before anything is written.
 */
export function surviveLostReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}

/** Whether standard output still has a reader: a command that only prints ends without one. */
export function hasReader(): boolean {
  return !process.stdout.destroyed && process.stdout.errored === null;
}

/** Prints the result of finished and stored work: an error in printing is not its failure, only a warning. */
export async function printResult(text: string): Promise<void> {
  const failure = await new Promise<Error | null | undefined>((resolve) => {
    if (hasReader()) process.stdout.write(`${text}\n`, resolve);
    else resolve(new Error("standard output has no reader"));
  });
  if (failure) console.error(`warning: everything is done, but the result could not be printed: ${failure.message}`);
}

/**
 * Prints a command's requested data: lost data is a failure, but a reader that stops early (`| head`) is not.
 *
 * @throws MillraceError if it cannot be written, for example to a full disk
 */
export async function printData(text: string): Promise<void> {
  const cause = await new Promise<Error | null | undefined>((resolve) => process.stdout.write(`${text}\n`, resolve));
  if (!cause || findErrorCode(cause) === "EPIPE") return;
  throw new MillraceError("The result cannot be written to standard output", {
    got: cause.message,
    fix: "Free space at its target, or use another target, and run again",
    cause,
  });
}
