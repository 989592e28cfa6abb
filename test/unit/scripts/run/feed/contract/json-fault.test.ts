import { findJsonFault } from "../../../../../../scripts/run/feed/contract/json-fault";

const LONG = `{\n  "name": "${"n".repeat(200)}",\n  "key": ["a"],\n`;

describe("findJsonFault", () => {
  test.each<[string, string, number, number]>([
    ["a value that is missing", '{"a": }', 1, 7],
    ["a comma too many", '{\n  "a": 1,\n}\n', 3, 1],
    ["a comma too few", '{"a": 1 "b": 2}', 1, 9],
    ["a word that is none, far down", `${LONG}  "header": yes,\n  "rest": [1, 2, 3]\n}`, 4, 13],
    ["a word that is nearly one", `${LONG}  "header": tru,\n}`, 4, 13],
    ["a name without quotes", '{\n  name: "x"\n}', 2, 3],
    ["a name in single quotes", "{'name': 1}", 1, 2],
    ["a comment", '{\n  // no\n  "a": 1\n}', 2, 3],
    ["an escape that is none", '{"a": "\\x"}', 1, 7],
    ["a line break in a text", '{"a": "b\nc"}', 1, 7],
    ["a tab in a text", '{"a": "b\tc"}', 1, 7],
    ["a number with a comma", '{"a": 1,5}', 1, 9],
    ["a number that stops", '{"a": 1.}', 1, 7],
    ["a number that begins with zero", '{"a": 01}', 1, 8],
    ["something behind the end", '{"a": 1}\n}', 2, 1],
    ["an end that comes too early", '{\n  "a": [1,', 2, 11],
    ["a text that does not end", '{"a": "b', 1, 7],
    ["nothing", "", 1, 1],
  ])("tells line and character of %s", (_what, text, line, character) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(findJsonFault(text)).toMatchObject({ line, character });
  });

  test.each<[string, string, string, number, number]>([
    ["at the top", '{"a": 1,\n "a": 2}', '"a" twice in one object', 2, 2],
    ["in an object within", '{"c": {"a": {}, "b": {}, "a": {}}}', '"a" twice in one object', 1, 26],
    ["in an object within a list", '[{"a": 1}, {"b": 1, "b": 2}]', '"b" twice in one object', 1, 21],
    ["spelled otherwise", '{"ab": 1, "a\\u0062": 2}', '"ab" twice in one object', 1, 11],
  ])("finds a name that stands twice %s", (_where, text, what, line, character) => {
    expect(findJsonFault(text)).toEqual({ what, line, character });
  });

  test("finds none where one name is in several objects", () => {
    expect(findJsonFault('{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}')).toBeUndefined();
  });

  test("says what is wrong in words", () => {
    expect(findJsonFault('{"a": }')?.what).toBe("value expected");
  });
});
