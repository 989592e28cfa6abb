/** The exit codes of programs ended by these signals, as in shells. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Prints what a command leaves behind if it is stopped by Ctrl-C or SIGTERM; it ends then, with 130 or 143.
 *
 * @returns a function that removes this, once there is nothing left to stop
 */
export function onStop(tell: () => void): () => void {
  const taken = Object.entries(CODES).map(([signal, code]) => {
    const stop = () => {
      tell();
      process.exit(code);
    };
    process.once(signal, stop);
    return () => process.off(signal, stop);
  });
  return () => {
    for (const release of taken) release();
  };
}
