/** A text with a pattern has no more characters than these, unless its column says `max`: a slow pattern must stay bearable. */
export const PATTERN_MAX = 1_000;

/** A pattern that holds for the whole text, with alternatives and all: `^a|b$` is `a` or `b`. @throws SyntaxError where it is none */
export function compilePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern.slice(1, -1)})$`, "u");
}
