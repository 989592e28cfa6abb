/** The codes that shells give a program which one of these ended. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Lets a command that is stopped, by Ctrl-C or SIGTERM, say what it leaves; it ends then, with 130 or 143.
 *
 * @returns what takes that back, once there is nothing left to stop
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
