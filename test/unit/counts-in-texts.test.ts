import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { amountOf, counted } from "../../etl/core/counted";

const ROOT = join(__dirname, "../..");
const PARTS = ["etl", "handlers", "modules", "scripts", "stacks"];
/** Texts for developers of millrace, or of fixed assumptions. */
const LEFT_OUT = /^scripts\/project\/(bench|permissions|costs-page)\//;

const NOUNS =
  "rows records objects items messages customers orders days hours files tables runs batches chunks versions sends letters events functions resources " +
  "databases columns warnings checks entries statements buckets pages keys queues parts values fields errors findings tries partners pieces workers " +
  "changes pipelines feeds requests calls stacks differences revisions";
/** A value, and behind it the plural of what it counts. */
const PLURAL = new RegExp(
  `\\$\\{((?:[^{}]|\\{[^{}]*\\})*)\\}(?: (?:more|older|newest|new|raw|dead|rejected|object))? (?:${NOUNS.replaceAll(" ", "|")})\\b(?!\\/)`,
  "g",
);

/** A constant that is known to be more than one, or a text for one that is chosen on the same line. */
function isSafe(line: string, value: string): boolean {
  return (
    /\b[A-Z]{3,}[A-Z_]*\b/.test(value) || /^(counted|amountOf|inHours)\(/.test(value) || /=== 1$|=== 1 \?/.test(line)
  );
}

function pluralsIn(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const found = [...line.matchAll(PLURAL)].filter(([, value = ""]) => !isSafe(line, value));
    return found.map(([match]) => match);
  });
}

function sources(): readonly string[] {
  return PARTS.flatMap((part) =>
    readdirSync(join(ROOT, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|js)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1)),
  ).filter((file) => !LEFT_OUT.test(file));
}

test("no text has a plural behind a number that may be one", () => {
  const found = sources().flatMap((file) =>
    pluralsIn(readFileSync(join(ROOT, file), "utf8")).map(
      (text) => `${file}: ${text}: use counted (etl/core/counted.ts)`,
    ),
  );

  expect(found).toEqual([]);
});

/** A placeholder, as a source has it. */
const slot = (value: string) => ["$", "{", value, "}"].join("");

test.each([
  [`${slot("rows.length")} rows`, true],
  [`${slot("f({ a })")} more customers`, true],
  [`${slot('counted(rows, "row")')} rows of`, false],
  [`at most ${slot("MOST_COLUMNS")} columns`, false],
  [`${slot("rate")} rows/s`, false],
])("%s has it: %j", (line, expected) => {
  expect(pluralsIn(line)).toHaveLength(expected ? 1 : 0);
});

test("a number is written with its word", () => {
  expect([0, 1, 2].map((count) => counted(count, "row"))).toEqual(["0 rows", "1 row", "2 rows"]);
  expect([1, 1200].map((count) => amountOf(count, "batch", "batches"))).toEqual(["1 batch", "1,200 batches"]);
});
