import { findErrorCode } from "../../etl/core/database/database";
import { MillraceError } from "../../etl/core/errors";
import { RunFailedError } from "../../etl/core/runs/run-report";
import { explainAwsError } from "../command-line/explain-aws-error";
import { isWrongUsage } from "../command-line/is-wrong-usage";

/**
 * Prints an error to standard error: one line if the user can act on it, the stack if it is a bug. A failed run was
 * already reported by the notifier.
 *
 * @returns the exit code: 2 for wrong usage, otherwise 1
 */
export function explainFailure(error: unknown): number {
  if (error instanceof RunFailedError) {
    if (!isExpected(error.cause)) console.error(error.cause);
    return 1;
  }
  const known = explain(error);
  console.error(known instanceof MillraceError ? `error: ${known.message}` : known);
  return isWrongUsage(error) ? 2 : 1;
}

/** An error's text for users, with AWS's or the system's errors explained. */
export function explain(error: unknown): unknown {
  return explainAwsError(explainSystemError(error));
}

/** The system's refusal to write a file is not a bug. */
function explainSystemError(error: unknown): unknown {
  const fix = WRITE_ADVICE[findErrorCode(error) ?? ""];
  if (fix === undefined || !(error instanceof Error) || error instanceof MillraceError) return error;
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  return new MillraceError("A file cannot be written", {
    got: error.message,
    where: { source: path },
    fix,
    cause: error,
  });
}

const FREE =
  "Free space where millrace keeps its files (.millrace in this folder, and the system's folder for temporary files), and run again";
const ALLOW = "Allow this user to write to this folder, or run it in another one";
const WRITE_ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: FREE,
  EDQUOT: FREE,
  EFBIG: "Raise the limit on files (ulimit -f), and run again",
  EROFS: ALLOW,
  EACCES: ALLOW,
  EPERM: ALLOW,
};

function isExpected(cause: unknown): boolean {
  return cause instanceof MillraceError;
}
