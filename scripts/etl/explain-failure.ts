import { MillraceError, UsageError } from "../../etl/core/errors";
import { RunFailedError } from "../../etl/core/run-report";

/**
 * Says on standard error what went wrong: one line where a person can act on it, the stack where it is our own mistake.
 * A failed run was already told by the notifier.
 *
 * @returns the exit code: 2 for wrong usage, else 1
 */
export function explainFailure(error: unknown): number {
  if (error instanceof RunFailedError) {
    if (!isExpected(error.cause)) console.error(error.cause);
    return 1;
  }
  console.error(error instanceof MillraceError ? `error: ${error.message}` : error);
  return error instanceof UsageError ? 2 : 1;
}

function isExpected(cause: unknown): boolean {
  return cause instanceof MillraceError;
}
