import { setTimeout as sleep } from "node:timers/promises";
import { MillraceError } from "./errors";

/**
 * What is left then to tell why. Less than a statement of the database has, which knows better what it waited for:
 * `TELL_MS` and `ASK_MS` of its adapter.
 */
const TELL_MS = 3_000;

/** The work was not done when the process's own end was near. */
export class OutOfTimeError extends MillraceError {
  override readonly name = "OutOfTimeError";
  /** As where a statement of the database was at work: Step Functions goes by it. */
  readonly code = "ETIME";

  constructor() {
    super("The step was not done within the function's time", {
      got: "work that went on when the function's time was nearly up",
      fix: "Look what it waited for (its log tells the last stage); otherwise raise the step's timeoutSeconds",
    });
  }
}

/**
 * Waits for work no longer than until this process's end is near.
 *
 * @param remainingMs what the process has left; without an end, infinite
 * @throws OutOfTimeError then; what the work does after that is for nobody
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
