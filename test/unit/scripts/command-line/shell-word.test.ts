import { shellWord } from "../../../../scripts/command-line/shell-word";

test.each([
  ["/tmp/out-1.csv", "/tmp/out-1.csv"],
  ["a b", "'a b'"],
  ["it's; x", `'it'\\''s; x'`],
  ["", "''"],
])("%j is one word of a command", (text, expected) => {
  expect(shellWord(text)).toBe(expected);
});
