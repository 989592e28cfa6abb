/**
 * Allows one read at a time. Requests during a read share the next one, so that none gets data that was read before it
 * asked.
 */
export function oneAtATime<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<Result> | undefined;
  return () => {
    if (next !== undefined) return next;
    const mine = last.then(() => {
      next = undefined;
      return read();
    });
    last = mine.catch(() => undefined);
    next = mine;
    return mine;
  };
}
