import {
  DelegateBackoff,
  ExponentialBackoff,
  handleType,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import { SourceError } from "../errors";
import { TransientSourceError } from "./errors";

/** Limits of a download's retries. Times in milliseconds. */
export interface FetchPatience {
  /** Maximum number of attempts. Default: 5. */
  readonly attempts: number;
  /** The approximate first wait; each next one is about twice as long, with jitter. Default: 500. */
  readonly initialDelayMs: number;
  /** The longest wait between two attempts of our own choice. Default: 30,000. */
  readonly maxDelayMs: number;
  /** The longest wait accepted from Retry-After; if it is longer, the next try comes after this. Default: 60,000. */
  readonly maxRetryAfterMs: number;
  /** For all attempts and waits together. Default: 600,000, which leaves a 15-minute Lambda time to fail properly. */
  readonly totalTimeoutMs: number;
}

export const DEFAULT_PATIENCE: FetchPatience = {
  attempts: 5,
  initialDelayMs: 500,
  maxDelayMs: 30_000,
  maxRetryAfterMs: 60_000,
  totalTimeoutMs: 600_000,
};

/**
 * Repeats an attempt while it fails with a {@link TransientSourceError}.
 *
 * @param source the source's name in messages
 * @throws SourceError of the last attempt, with the number of attempts, or if the time is up
 */
export async function withPatience<Result>(
  patience: FetchPatience,
  source: string,
  attempt: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  let attempts = 0;
  let last: TransientSourceError | undefined;
  const retries = retry(handleType(TransientSourceError), {
    maxAttempts: patience.attempts - 1,
    backoff: backoff(patience),
  });
  // The time-out's own timer keeps Node alive; a wait that outlasts it must not.
  const policy = wrap(timeout(patience.totalTimeoutMs, TimeoutStrategy.Aggressive), retries.dangerouslyUnref());
  try {
    return await policy.execute(async ({ signal }) => {
      attempts += 1;
      try {
        return await attempt(signal);
      } catch (error) {
        if (error instanceof TransientSourceError && !signal.aborted) last = error;
        throw error;
      }
    });
  } catch (error) {
    if (error instanceof TaskCancelledError) throw timeIsUp(patience, source, attempts, last);
    if (error instanceof TransientSourceError) throw giveUp(error, attempts);
    throw error;
  }
}

function backoff({ initialDelayMs, maxDelayMs, maxRetryAfterMs }: FetchPatience) {
  const exponential = new ExponentialBackoff({ initialDelay: initialDelayMs, maxDelay: maxDelayMs });
  return new DelegateBackoff<{ result: unknown }, ReturnType<typeof exponential.next>>(({ result }, previous) => {
    const state = previous?.next(undefined) ?? exponential.next();
    return { delay: Math.max(state.duration, Math.min(askedDelay(result), maxRetryAfterMs)), state };
  });
}

function askedDelay(result: unknown): number {
  const error = typeof result === "object" && result !== null && "error" in result ? result.error : undefined;
  return error instanceof TransientSourceError ? error.retryAfterMs : 0;
}

function giveUp(last: TransientSourceError, attempts: number): SourceError {
  return new SourceError(`${last.headline}, ${times(attempts)} tried`, { ...last.details, cause: last });
}

function timeIsUp(
  { totalTimeoutMs }: FetchPatience,
  source: string,
  attempts: number,
  last: TransientSourceError | undefined,
): SourceError {
  const before = last === undefined ? "" : `; before: ${last.headline}, ${last.details.got}`;
  return new SourceError("The download takes too long", {
    got: `no complete body in ${totalTimeoutMs / 1000} s, ${times(attempts)} tried${before}`,
    where: { source },
    fix: "Try again later",
    cause: last,
  });
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
