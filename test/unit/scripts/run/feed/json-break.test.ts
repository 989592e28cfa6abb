import { findJsonBreak } from "../../../../../scripts/run/feed/json-break";

const LONG = `{\n  "name": "${"n".repeat(200)}",\n  "key": ["a"],\n`;

describe("findJsonBreak", () => {
  it.each<[string, string, number, number]>([
    ["a value that is missing", '{"a": }', 1, 7],
    ["a comma too many", '{\n  "a": 1,\n}\n', 3, 1],
    ["a comma too few", '{"a": 1 "b": 2}', 1, 9],
    ["a word that is none, far down", `${LONG}  "header": yes,\n  "rest": [1, 2, 3]\n}`, 4, 13],
    ["a word that is nearly one", `${LONG}  "header": tru,\n}`, 4, 16],
    ["a name without quotes", '{\n  name: "x"\n}', 2, 3],
    ["a comment", '{\n  // no\n  "a": 1\n}', 2, 3],
    ["an escape that is none", '{"a": "\\x"}', 1, 9],
    ["a line break in a text", '{"a": "b\nc"}', 1, 9],
    ["a number with a comma", '{"a": 1,5}', 1, 9],
    ["a number that stops", '{"a": 1.}', 1, 9],
    ["something behind the end", '{"a": 1}\n}', 2, 1],
    ["an end that comes too early", '{\n  "a": [1,', 2, 11],
    ["a text that does not end", '{"a": "b', 1, 9],
    ["nothing", "", 1, 1],
  ])("tells line and character of %s", (_what, text, line, character) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(findJsonBreak(text)).toEqual({ line, character });
  });
});
