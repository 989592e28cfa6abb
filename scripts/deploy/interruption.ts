const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Aborted at the first Ctrl-C (or SIGTERM, or the terminal's end), which then does not end this process: what runs is
 * asked once to end (`interrupt` of a program), and waited for. A second request would make Terraform give up at once,
 * with its lock kept and its last changes in no state.
 */
export function listenForInterruption(say: (text: string) => void): AbortSignal {
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
