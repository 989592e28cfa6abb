import type { MadeFeed } from "../../../../../scripts/project/new-feed/make-feed";
import { renderReport } from "../../../../../scripts/project/new-feed/report";

const profile = {
  ...{ rows: 1_200, width: 2, packing: "gzip", encoding: "utf-8", header: ["id", "a"], delimiter: "\t" },
  ...{ broken: 3, firstBroken: { line: 7, reason: "got 3 fields, expected 2 as in the first line" } },
};
const made = {
  feed: { name: "later", table: "later", columns: { id: { type: "text" } }, key: ["id"] },
  guessed: { columns: [{ name: "id", column: { type: "text" }, notes: [] }], leftOut: [] },
  files: { contract: "later.ts" },
  prefix: "later/",
  summary: { rows: 1_203, inserted: 1_200, updated: 0, unchanged: 0, superseded: 0, rejected: 3, warnings: [] },
  profile,
} as unknown as MadeFeed;

test("says how the file was read, and of lines that are no rows the first, its reason and how to see all", () => {
  const report = renderReport(made, false);

  expect(report).toContain("1,200 rows of 2 fields: gzip, utf-8, delimiter a tab, with a header; key id");
  expect(report).toContain(
    "Warning: 3 lines of the file are no rows, and maxRejected allows as many. The first is line 7: got 3 fields, expected 2 as in the first line",
  );
  expect(report).toContain("npm run etl -- rejected later");
});

test("names the quoted field that may have rows in it", () => {
  const swallowing = { ...made, profile: { ...profile, swallowing: 9 } } as unknown as MadeFeed;

  expect(renderReport(swallowing, false)).toContain("Warning: a quoted field of line 9 has lines that look like rows");
});

test("says nothing of such lines if there are none", () => {
  const none = { ...made, profile: { ...profile, broken: 0, firstBroken: undefined } } as unknown as MadeFeed;

  expect(renderReport(none, false)).not.toMatch(/no rows|is no row|rejected later/);
});

test("says that windows-1252 is a guess", () => {
  const reportOf = (encoding: string) =>
    renderReport({ ...made, profile: { ...profile, encoding } } as unknown as MadeFeed, false);

  expect(reportOf("windows-1252")).toContain("  Check the letters with marks: windows-1252 is a guess\n");
  expect(["utf-8", "utf-16"].map(reportOf).join()).not.toContain("Check the letters");
});

test.each([
  ["is no key by its texts", [], "id is not a key of this file. Add columns to it"],
  [
    "is one by its texts only",
    [["id"]],
    "no two rows share the texts of id, but some their values. Make its type text",
  ],
])("says why a row gave way: the key %s", (_, keys, message) => {
  const summary = { ...made.summary, superseded: 1 };
  const guessed = { ...made.guessed, keys: keys.map((columns) => ({ columns, isProven: true })) };

  expect(renderReport({ ...made, summary, guessed } as unknown as MadeFeed, false)).toContain(
    `Warning: 1 row gave way to another one with the same key: ${message}`,
  );
});

test("lists what a person should check", () => {
  const columns = [{ name: "id", column: { type: "date" }, notes: [], check: "eight digits are taken for days" }];
  const report = renderReport({ ...made, guessed: { ...made.guessed, columns } } as unknown as MadeFeed, false);

  expect(report).toContain("  Check id: eight digits are taken for days\n");
  expect(renderReport(made, false)).not.toContain("Check");
});
