/**
 * cdktf keeps for each token where in the sources it was made, and nobody here asks for it; mapped to sources by jest that takes a
 * third of the time of these tests. Errors have their traces as ever.
 */
export function withoutTraces<Result>(work: () => Result): Result {
  const mapped = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, frames) => (error instanceof Error ? mapped?.(error, frames) : "");
  try {
    return work();
  } finally {
    Error.prepareStackTrace = mapped;
  }
}
