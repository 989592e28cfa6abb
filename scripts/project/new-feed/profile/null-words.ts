import { encode, small } from "../../../../etl/core/contract/fields/bytes";

/** What programs and people write where there is no value, in small letters. */
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

/** Those that no text means, either: with one of them a text column is NULL, too. To the letter. */
const NEVER_TEXT: ReadonlySet<string> = new Set([
  ...["NULL", "null", "(null)", "(NULL)", "<null>", "<NULL>", "[NULL]", "[null]", "\\N", "#N/A", "N/A", "n/a", "<NA>"],
]);

const BY_FIRST: (readonly Uint8Array[] | undefined)[] = [];
for (const word of WORDS.map(encode)) {
  const first = word[0] ?? 0;
  BY_FIRST[first] = [...(BY_FIRST[first] ?? []), word];
}

/** Whether the bytes `[from, to)` are a word for nothing, in capital letters or small ones. */
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
