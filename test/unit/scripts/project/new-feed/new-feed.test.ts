import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Encoding } from "../../../../../etl/core/contract/contract";
import { parseFeedName } from "../../../../../scripts/project/new-feed/feed-name";
import { guessFeed, toFeed } from "../../../../../scripts/project/new-feed/guess/guess-feed";
import { makeFeed, type NewFeedOptions } from "../../../../../scripts/project/new-feed/make-feed";
import { profileCsv } from "../../../../../scripts/project/new-feed/profile/profile-csv";
import { writeContract } from "../../../../../scripts/project/new-feed/write/contract-text";
import { encodeText } from "../../../../../scripts/project/new-feed/write/encode-text";
import { addToConfig, addToList } from "../../../../../scripts/project/new-feed/write/write-feed";
import { SilentProgress } from "../../../../../scripts/run/terminal/silent-progress";
import { runProjectScript } from "../../../../support/processes/run-script";

describe("the name of a new feed", () => {
  test.each([
    ["daily-sales-2", "dailySales2Feed", "daily_sales_2"],
    ["new", "newFeed", "new"],
  ])("%s has the forms that its files use", (name, variable, table) => {
    expect(parseFeedName(name)).toEqual({ name, variable, table });
  });

  test.each([
    ["sales", "There is already such a feed"],
    ["covid", "a name that no pipeline"],
    ["import", "a name that no pipeline"],
    ["feeds", "a name that no pipeline"],
    ["orders-send", "a name whose resources differ in name from those of orders"],
    ["Sales", "lower-case letters"],
    ["../sales", "lower-case letters"],
    [
      "x",
      'This is not a feed\'s name: got "x", expected 2 to 63 lower-case letters, digits and single hyphens, a letter first, no hyphen last. Choose another name',
    ],
    ["sales-", "no hyphen last"],
    ["n".repeat(18), "at most 17 characters"],
  ])("is not %s", (text, message) => {
    expect(() => parseFeedName(text)).toThrow(message);
  });
});

test.each<[Encoding, string]>([
  ["windows-1252", "neither UTF-8 nor UTF-16, so a guess: check its letters with marks"],
  ["utf-16", "by its byte order mark, or the NULs between its characters"],
])("the contract of a new feed says why its encoding is %s", async (encoding, comment) => {
  const bytes = async function* () {
    yield encodeText("id,name\n1,Köln\n", encoding);
  };
  const profile = await profileCsv(bytes(), "a.csv");
  const guessed = guessFeed(profile);
  const feed = toFeed(guessed, { name: "made-up", table: "made_up" }, ["id"]);

  expect(writeContract({ variable: "madeUpFeed", feed, guessed, rows: 1, keyNote: "given" })).toContain(
    `// ${comment}\n"encoding": "${encoding}",\n`,
  );
});

describe("the lines of a new feed", () => {
  const feed = parseFeedName("made-up");

  test("stand in the list of all", () => {
    expect(addToList("export const contracts: readonly Feed[] = [\n  sales,\n];\n", feed)).toBe(
      'import { madeUpFeed } from "./made-up";\nexport const contracts: readonly Feed[] = [\n  sales, madeUpFeed];\n',
    );
    expect(() => addToList("export {};", feed)).toThrow("etl/feeds/feeds.ts has a form unknown to this command");
  });

  test("stand in dev's configuration, whether it has feeds or not", () => {
    expect(addToConfig("const dev = {\n  a: 1,\n};\n", "made-up", {})).toBe(
      'const dev = {\n  a: 1,\n  feeds: { "made-up": {}, },\n};\n',
    );
    expect(addToConfig("const dev = {\n  feeds: { sales: {} },\n};\n", "made-up", { engine: "lambda" })).toBe(
      'const dev = {\n  feeds: {"made-up": {"engine":"lambda"}, sales: {} },\n};\n',
    );
    expect(() => addToConfig("", "made-up", {})).toThrow("config/dev.ts has a form unknown to this command");
  });
});

test("a file with a header and no rows makes none, whether its key is named or not", async () => {
  const root = mkdtempSync(join(tmpdir(), "millrace-no-rows-"));
  const from = join(root, "header.csv");
  writeFileSync(from, "a,b\n");
  const make = (options: NewFeedOptions) => makeFeed(root, "later", { from, ...options }, () => new SilentProgress());

  await expect(make({})).rejects.toThrow(
    /^Nothing was written: the file has a header and no rows .*Name one with rows/,
  );
  await expect(make({ key: ["a"] })).rejects.toThrow("the file has a header and no rows");
  expect(readdirSync(root)).toEqual(["header.csv"]);
  rmSync(root, { recursive: true });
});

test("npm run new-pipeline says the new command", async () => {
  const { code, output } = await runProjectScript("new-pipeline.ts", ["daily-sales", "--schedule", "rate(1 day)"]);

  expect(code).toBe(2);
  expect(output).toContain("npm run new-feed -- NAME");
});
