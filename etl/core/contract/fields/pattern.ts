/** The maximum length of a text with a pattern, unless its column has `max`: it bounds the time of a slow pattern. */
export const PATTERN_MAX = 1_000;
/** If a text of the greatest length takes longer than this, twice, the pattern is refused. */
const MOST_MS = 100;
const LONGEST_TRIED = 65_536;

/**
 * A pattern that matches the whole text, also with alternatives: `^a|b$` is `a` or `b`. @throws SyntaxError if it is
 * invalid
 */
export function compilePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern.slice(1, -1)})$`, "u");
}

/**
 * Whether a pattern fails in bounded time: it is tried against longer and longer texts of its own characters that
 * nearly match. A pattern that doubles its time with each character is given up early.
 */
export function isQuick(
  pattern: string,
  max: number = PATTERN_MAX,
  now: () => number = () => performance.now(),
): boolean {
  const expression = compilePattern(pattern);
  const characters = new Set([..."a0 ", ...pattern.replace(/[\\^$.*+?()[\]{}|]/g, "")].slice(0, 12));
  const longest = Math.min(max, LONGEST_TRIED);
  const isSlow = (text: string) => {
    const begun = now();
    expression.test(text);
    return now() - begun > MOST_MS;
  };
  return [...characters].every((character) => {
    for (const length of lengthsTo(longest)) {
      const text = `${character.repeat(length)}\n`;
      if (isSlow(text) && isSlow(text)) return false;
    }
    return true;
  });
}

function* lengthsTo(longest: number): Generator<number> {
  for (let length = 8; length < longest; length += length < 40 ? 2 : length) yield length;
  yield longest;
}
