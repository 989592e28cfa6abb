import { MillraceError } from "../../../etl/core/errors";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does work that Ctrl-C (or SIGTERM, or the terminal's end) does not break off: the running program is asked once to
 * end (its `interrupt`), and awaited. A second request would make Terraform give up at once, keeping its lock and
 * losing its last changes from the state.
 *
 * @param afterwards returns a note on the locks; called when the interrupted work has ended
 * @throws MillraceError in place of the error that the interruption caused
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
      fix: "Run the same command again to continue: finished work is in the state",
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
          ? "still stopping: Terraform finishes its current operations; killing it would leave its lock"
          : "stopping: Terraform finishes its current operations, which may take minutes",
      );
      stop.abort();
    });
  }
  return stop.signal;
}
