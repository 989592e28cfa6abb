import { setTimeout as sleep } from "node:timers/promises";
import { MillraceError } from "./errors";

/**
 * Time reserved to report the reason. Less than a database statement has, which can say what it waited for: `TELL_MS`
 * and `ASK_MS` of its adapter.
 */
const TELL_MS = 3_000;

/** The work was not done when the process's own end was near. */
export class OutOfTimeError extends MillraceError {
  override readonly name = "OutOfTimeError";
  /** The same as for a working database statement: Step Functions reads it. */
  readonly code = "ETIME";

  constructor() {
    super("The step was not done within the function's time", {
      got: "unfinished work when the function's time was nearly up",
      fix: "Check what it waited for (its log has the last stage); otherwise raise the step's timeoutSeconds",
    });
  }
}

/**
 * Waits for work only until this process's end is near.
 *
 * @param remainingMs remaining time of the process; infinite without a limit
 * @throws OutOfTimeError then; the work's later result is ignored
 */
export async function inTime<Result>(remainingMs: () => number, work: () => Promise<Result>): Promise<Result> {
  const left = remainingMs() - TELL_MS;
  if (left > 2 ** 31 - 1) return work();
  const ended = new AbortController();
  const late = async (): Promise<never> => {
    await sleep(Math.max(0, left), undefined, { signal: ended.signal });
    throw new OutOfTimeError();
  };
  try {
    return await Promise.race([work(), late()]);
  } finally {
    ended.abort();
  }
}
