import { MillraceError } from "../../../etl/core/errors";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does work that Ctrl-C (or SIGTERM, or the terminal's end) does not break off: what runs is asked once to end
 * (`interrupt` of a program), and waited for. A second request would make Terraform give up at once, with its lock kept
 * and its last changes in no state.
 *
 * @param afterwards what became of the locks; asked for once the interrupted work has ended
 * @throws MillraceError in place of what the interruption made of the work
 */
export async function interruptible(
  say: (text: string) => void,
  work: (interrupt: AbortSignal) => Promise<void>,
  afterwards: () => Promise<string>,
): Promise<void> {
  const interrupt = listen(say);
  try {
    await work(interrupt);
  } catch (cause) {
    if (!interrupt.aborted) throw cause;
    throw new MillraceError(`Interrupted. ${await afterwards()}`, {
      fix: "The same command again goes on from there: what was done is in the state",
      cause,
    });
  }
}

function listen(say: (text: string) => void): AbortSignal {
  const stop = new AbortController();
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      say(
        stop.signal.aborted
          ? "still stopping: Terraform ends what it has begun; killing it would leave its lock"
          : "stopping: Terraform ends what it has begun, which may take minutes",
      );
      stop.abort();
    });
  }
  return stop.signal;
}
