/** How the quotes of a row may be broken. */
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
    fix: "Close it, or let the contract say quotedLineBreaks where fields hold line breaks",
  },
  "followed by text": {
    is: "A quoted field goes on behind its quote",
    expected: "a delimiter or the line's end behind it",
    fix: "Take the quote away",
  },
};

/** Why a row is rejected whose quotes are broken. @param got its text as a reason quotes it; undefined where it must not be shown */
export function explainBroken(broken: BrokenQuote, got: string | undefined): string {
  const { is, expected, fix } = RULES[broken];
  return `${is}: ${got === undefined ? "" : `got ${got}, `}expected ${expected}. ${fix}, or write a quote inside a field as ""`;
}
