import { SIGNAL_CODES } from "../command-line/stopped-error";

/** Not SIGHUP, which `nohup` has a command ignore. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Prints what a command leaves behind if it is stopped by Ctrl-C or SIGTERM; it ends then, with 130 or 143.
 *
 * @returns a function that removes this, once there is nothing left to stop
 */
export function onStop(tell: () => void): () => void {
  const taken = SIGNALS.map((signal) => {
    const stop = () => {
      tell();
      process.exit(SIGNAL_CODES[signal]);
    };
    process.once(signal, stop);
    return () => process.off(signal, stop);
  });
  return () => {
    for (const release of taken) release();
  };
}
