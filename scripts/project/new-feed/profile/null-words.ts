import { encode, small } from "../../../../etl/core/contract/fields/bytes";

/** Texts for a missing value, in lower case. */
const WORDS = [
  ...[
    "null",
    "(null)",
    "<null>",
    "[null]",
    "\\n",
    "nil",
    "none",
    "undefined",
    "missing",
    "na",
    "n/a",
    "n.a.",
    "#n/a",
    "#na",
  ],
  ...["<na>", "nan", "k.a.", "-", "--", "---", "?", ".", "#null!", "#value!", "#div/0!", "#ref!", "#name?"],
  ...["0000-00-00", "0000-00-00 00:00:00"],
];

/** Those that are never ordinary text: with one of them a text column is NULL, too. Matched exactly. */
const NEVER_TEXT: ReadonlySet<string> = new Set([
  ...["NULL", "null", "(null)", "(NULL)", "<null>", "<NULL>", "[NULL]", "[null]", "\\N", "#N/A", "N/A", "n/a", "<NA>"],
]);

const BY_FIRST: (readonly Uint8Array[] | undefined)[] = [];
for (const word of WORDS.map(encode)) {
  const first = word[0] ?? 0;
  BY_FIRST[first] = [...(BY_FIRST[first] ?? []), word];
}

/** Whether the bytes `[from, to)` are a text for a missing value, in upper or lower case. */
export function isNullWord(bytes: Uint8Array, from: number, to: number): boolean {
  const words = BY_FIRST[small(bytes[from] ?? 0)];
  return (
    words?.some(
      (word) => word.length === to - from && word.every((byte, at) => small(bytes[from + at] ?? 0) === byte),
    ) ?? false
  );
}

export function isNeverText(word: string): boolean {
  return NEVER_TEXT.has(word);
}
