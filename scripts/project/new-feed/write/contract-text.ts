import type { Feed } from "../../../../etl/core/contract/contract";
import { amountOf } from "../../../../etl/core/counted";
import type { GuessedFeed } from "../guess/guess-feed";

/** The parts of a contract's file besides the contract itself. */
export interface ContractText {
  readonly variable: string;
  readonly feed: Feed;
  readonly guessed: GuessedFeed;
  /** Number of rows of the file that it was guessed from. */
  readonly rows: number;
  /** Why its key is one. */
  readonly keyNote: string;
}

const CSV_NOTES: Readonly<Record<string, string>> = {
  header: "no header: the first row is one like the others; its fields are the columns in this order",
  delimiter: "between the fields of a row",
  "utf-16": "by its byte order mark, or the NULs between its characters",
  "windows-1252": "neither UTF-8 nor UTF-16, so a guess: check its letters with marks",
  quotedLineBreaks: "quoted fields hold line breaks, or a quote is broken: such a file is loaded by one call",
};

/** The text of a contract, with a comment for each guess; it contains no value of the file. To be formatted. */
export function writeContract({ variable, feed, guessed, rows, keyNote }: ContractText): string {
  const { columns: _, key, maxRejected, name, table, ...csv } = feed;
  const options = Object.entries(csv).map(
    ([option, value]) => `${comment(CSV_NOTES[option] ?? CSV_NOTES[`${value}`] ?? "")}${property(option, value)}`,
  );
  const columns = guessed.columns.map(
    ({ name: column, notes }) => `${notes.map(comment).join("")}${property(column, feed.columns[column])}`,
  );
  const limit =
    maxRejected === undefined
      ? ""
      : `${comment("lines of the file that are not rows: other numbers of fields than the first line, broken quotes, NUL characters")}${property("maxRejected", maxRejected)}`;
  return `import { defineFeed } from "../core/contract/contract";

/** The CSV objects of \`${name}\`, and their table. Guessed from ${amountOf(rows, "row")} by \`npm run new-feed\`: each comment is a guess to check. */
export const ${variable} = defineFeed({
${property("name", name)}${property("table", table)}${options.join("")}columns: {
${columns.join("")}${guessed.leftOut.map((text) => comment(`Left out: ${text}.`)).join("")}},
${comment(keyNote)}${property("key", key)}${limit}});
`;
}

function property(name: string, value: unknown): string {
  return `${JSON.stringify(name)}: ${JSON.stringify(value)},\n`;
}

/** A comment ends with its line: JavaScript's line ends in it are escaped. */
function comment(text: string): string {
  return text === "" ? "" : `// ${text.replace(/[\r\n\u2028\u2029]+/g, " ")}\n`;
}
