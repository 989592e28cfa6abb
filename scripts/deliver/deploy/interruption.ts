import { SIGNAL_CODES, StoppedError, type StopSignal } from "../../command-line/stopped-error";

const SIGNALS = Object.keys(SIGNAL_CODES) as readonly StopSignal[];

/**
 * Does work that Ctrl-C (or SIGTERM, or the terminal's end) does not break off: the running program is asked once to
 * end (its `interrupt`), and awaited. A second request would make Terraform give up at once, keeping its lock and
 * losing its last changes from the state.
 *
 * @param afterwards returns a note on the locks; called when the interrupted work has ended
 * @throws StoppedError in place of the error that the interruption caused
 */
export async function interruptible(
  say: (text: string) => void,
  work: (interrupt: AbortSignal) => Promise<void>,
  afterwards: () => Promise<string>,
): Promise<void> {
  const stop = new AbortController();
  const stoppedBy = listen(stop, say);
  try {
    await work(stop.signal);
  } catch (cause) {
    const signal = stoppedBy();
    if (signal === undefined) throw cause;
    throw new StoppedError(signal, `Interrupted. ${await afterwards()}`, {
      fix: "Run the same command again to continue: finished work is in the state",
      cause,
    });
  }
}

/** @returns the first signal that came, if one did */
function listen(stop: AbortController, say: (text: string) => void): () => StopSignal | undefined {
  let first: StopSignal | undefined;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      say(
        stop.signal.aborted
          ? "still stopping: Terraform finishes its current operations; killing it would leave its lock"
          : "stopping: Terraform finishes its current operations, which may take minutes",
      );
      first ??= signal;
      stop.abort();
    });
  }
  return () => first;
}
