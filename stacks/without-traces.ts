/**
 * cdktf notes for each token and annotation where in the sources it was made, in all its frames, which Node maps to TypeScript. That is
 * a fifth of a synthesis, and nobody asks for it. Errors have their traces as ever.
 */
export function withoutTraces<Result>(work: () => Result): Result {
  const capture = Error.captureStackTrace;
  Error.captureStackTrace = (target, below) => {
    if (target instanceof Error) capture(target, below);
  };
  try {
    return work();
  } finally {
    Error.captureStackTrace = capture;
  }
}
