/**
 * Lets one read happen at a time. Those who ask while one is under way share the next one, so that nobody is given
 * what was read before they asked.
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
