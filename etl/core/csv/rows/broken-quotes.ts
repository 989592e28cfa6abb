/** The faults of a row's quotes. */
export type BrokenQuote = "never closed" | "not closed in its line" | "followed by text";

const RULES: Readonly<Record<BrokenQuote, { readonly is: string; readonly expected: string; readonly fix: string }>> = {
  "never closed": {
    is: "A quoted field is never closed",
    expected: "a quote at its end, within 1 MiB",
    fix: "Close it",
  },
  "not closed in its line": {
    is: "A quoted field is not closed in its line",
    expected: "quotes that pair in each line",
    fix: "Close it, or set quotedLineBreaks in the contract if fields contain line breaks",
  },
  "followed by text": {
    is: "A quoted field continues after its quote",
    expected: "a delimiter or the line's end after it",
    fix: "Remove the quote",
  },
};

/** The reason for rejecting a row with broken quotes. @param got its text, quoted; undefined if it must not be shown */
export function explainBroken(broken: BrokenQuote, got: string | undefined): string {
  const { is, expected, fix } = RULES[broken];
  return `${is}: ${got === undefined ? "" : `got ${got}, `}expected ${expected}. ${fix}, or write a quote inside a field as ""`;
}
