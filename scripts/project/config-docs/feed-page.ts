import { headersOf } from "../../../etl/core/contract/column";
import type { Feed } from "../../../etl/core/contract/contract";
import { describeColumn } from "../../../etl/core/contract/describe";
import { counted } from "../../../etl/core/counted";
import { sqlType } from "../../../etl/feeds/target/create-target";
import { makeSample } from "../samples/contract-sample";

/** The page of a feed, generated from its contract. */
export function renderFeed(feed: Feed): string {
  const { name, table, key, columns, header = true, maxRejected = { rows: 0 } } = feed;
  const { delimiter = ",", encoding = "utf-8", quotedLineBreaks = false, unknownColumns = "ignore" } = feed;
  const limit =
    "rows" in maxRejected ? counted(maxRejected.rows, "rejected row") : `${maxRejected.percent}% rejected rows`;
  const rows = Object.entries(columns).map(([column, described]) => {
    const names = headersOf(column, described).map(code).join(" or ");
    const notes = [...(key.includes(column) ? ["key"] : []), ...(described.sensitive === true ? ["sensitive"] : [])];
    const type = `${sqlType(described)}${described.nullable === true ? "" : " not null"}`;
    return `| ${[code(column), header ? names : "", type, inCell(describeColumn(described)), notes.join(", ")].join(" | ")} |`;
  });
  return `# ${name}

<!-- Generated from the contract ${name} by \`npm run docs:config\`. Changes belong there. -->

CSV into the table ${code(table)}, by the natural key ${key.map(code).join(", ")}: of one key, the newest object wins. [feeds.md](../feeds.md)
says how.

- ${header ? "With a header, whose columns may be in any order" : "Without a header: the fields are in the order below"}; delimiter ${code(delimiter === "\t" ? "tab" : delimiter)}, encoding ${encoding}${quotedLineBreaks ? ", line breaks within quotes" : ""}.
- Columns of the header that are not below: \`${unknownColumns}\`. An object with more than ${limit} is rejected; the others are loaded.

| column | in the header | in PostgreSQL | a row is rejected unless it is | |
|---|---|---|---|---|
${rows.join("\n")}

A made-up sample:

\`\`\`csv
${makeSample(feed)}\`\`\`
`;
}

function code(text: string): string {
  return `\`${inCell(text)}\``;
}

/** A table's cell ends at a bar. */
function inCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
