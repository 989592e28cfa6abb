/** A text with a pattern has no more characters than these, unless its column says `max`: a slow pattern must stay bearable. */
export const PATTERN_MAX = 1_000;
/** Where a text of the greatest length takes longer than this, twice, the pattern is refused. */
const MOST_MS = 100;
const LONGEST_TRIED = 65_536;

/** A pattern that holds for the whole text, with alternatives and all: `^a|b$` is `a` or `b`. @throws SyntaxError where it is none */
export function compilePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern.slice(1, -1)})$`, "u");
}

/**
 * Whether a pattern ends in vain in bounded time: it is tried against longer and longer texts of its own characters that it
 * nearly takes. A pattern that doubles its time with each character is given up early.
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
