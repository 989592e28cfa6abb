/** Line ends that are neither LF nor CRLF: a CR more would be a part of the value beside it. */
export type BrokenLineEnd = "CR CR LF" | "LF CR";
/** The faults of a row's quotes. */
type BrokenQuote = "never closed" | "not closed in its line" | "followed by text";
/** Why a row is not CSV. */
export type BrokenRow = BrokenQuote | BrokenLineEnd;

interface Rule {
  readonly is: string;
  readonly expected: string;
  readonly fix: string;
}

const QUOTES = 'or write a quote inside a field as ""';
export const CONVERT = "Convert the line ends of this file to LF";
const RULES: Readonly<Record<BrokenRow, Rule>> = {
  "never closed": {
    is: "A quoted field is never closed",
    expected: "a quote at its end, within 1 MiB",
    fix: `Close it, ${QUOTES}`,
  },
  "not closed in its line": {
    is: "A quoted field is not closed in its line",
    expected: "quotes that pair in each line",
    fix: `Close it, or set quotedLineBreaks in the contract if fields contain line breaks, ${QUOTES}`,
  },
  "followed by text": {
    is: "A quoted field continues after its quote",
    expected: "a delimiter or the line's end after it",
    fix: `Remove the quote, ${QUOTES}`,
  },
  "CR CR LF": { is: "The line ends in CR CR LF", expected: "LF or CRLF", fix: CONVERT },
  "LF CR": { is: "The line begins with CR, as after LF CR", expected: "LF or CRLF between lines", fix: CONVERT },
};

/** The reason for rejecting a broken row. @param got its text, quoted; undefined if it must not be shown */
export function explainBroken(broken: BrokenRow, got: string | undefined): string {
  const { is, expected, fix } = RULES[broken];
  return `${is}: ${got === undefined ? "" : `got ${got}, `}expected ${expected}. ${fix}`;
}

export function isLineEnd(broken: BrokenRow | undefined): broken is BrokenLineEnd {
  return broken === "CR CR LF" || broken === "LF CR";
}
