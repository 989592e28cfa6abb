import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineCsv } from "../../../../../etl/core/contract/contract";
import { readRecords } from "../../../../../etl/core/csv/read-records";
import { contracts } from "../../../../../etl/feeds/feeds";
import { renderFeed } from "../../../../../scripts/project/config-docs/feed-page";
import { makeSample } from "../../../../../scripts/project/samples/contract-sample";
import { bytesOf } from "../../../../support/files/bytes";

const contract = defineCsv({
  delimiter: ";",
  columns: {
    id: { type: "bigint", min: "9007199254740000" },
    small: { type: "integer", min: -9, max: -7 },
    price: { type: "numeric", precision: 8, scale: 2, decimal: ",", min: 100 },
    share: { type: "double", max: 0.5 },
    code: { type: "text", pattern: "^[A-Z]{2}-[0-9]{4}$", max: 7 },
    kind: { type: "text", oneOf: ["new; used", "old"] },
    letter: { type: "text", max: 1, header: ["Letter", "letter"] },
    long: { type: "text", min: 40, nullable: true },
    day: { type: "date", format: "D.M.YYYY" },
    at: { type: "timestamp", format: "MM/DD/YYYY h:mm A" },
    moment: { type: "timestamptz" },
    uuid: { type: "uuid" },
    json: { type: "json" },
    flag: { type: "boolean" },
  },
});

describe("the sample of a contract", () => {
  test("keeps it, whatever its columns are, and is the same each time", async () => {
    // Act
    const sample = makeSample(contract);

    // Assess
    expect(await read(sample)).toMatchObject([
      { small: -8, kind: "new; used", letter: "1", long: null, day: "2026-01-05" },
      { small: -7, kind: "old", letter: "2", day: "2026-01-06" },
      { kind: "new; used", day: "2026-01-07", json: { row: 3 } },
    ]);
    expect(sample.split("\n")[0]).toBe("id;small;price;share;code;kind;Letter;long;day;at;moment;uuid;json;flag");
    expect(makeSample(contract)).toBe(sample);
  });

  test("has no header where the contract has none", () => {
    expect(makeSample(defineCsv({ header: false, columns: { id: { type: "integer" } } }))).toBe("1\n2\n3\n");
  });

  test("is refused where nothing can be made up", () => {
    const columns = { id: { type: "integer", min: 4, max: 3 } } as const;

    expect(() => makeSample(defineCsv({ columns }))).toThrow("No value of the column id could be made up");
  });
});

describe("the pages of feeds", () => {
  test.each(contracts.map((feed) => [feed.name, feed] as const))(
    "docs/feeds/%s.md is what the contract says",
    (name, feed) => {
      expect(readFileSync(join(__dirname, "../../../../../docs/feeds", `${name}.md`), "utf8")).toBe(renderFeed(feed));
    },
  );

  test("have a column's names, type, limits and what it is besides", () => {
    // Act
    const page = renderFeed({
      name: "made-up",
      table: "raw.made_up",
      columns: {
        id: { type: "bigint", header: ["Id", "a|b"] },
        note: { type: "text", max: 9, nullable: true, sensitive: true },
      },
      key: ["id"],
      delimiter: "\t",
    });

    // Assess
    expect(page).toContain("| `id` | `Id` or `a\\|b` | bigint not null | a whole number of 64 bits | key |");
    expect(page).toContain(
      "| `note` | `note` | text | text of 0 to 9 characters without a NUL character, or nothing | sensitive |",
    );
    expect(page).toContain("delimiter `tab`");
  });
});

async function read(csv: string): Promise<unknown[]> {
  const records: unknown[] = [];
  const rejected: unknown[] = [];
  const bytes = bytesOf(csv, 65_536);
  const onRejected = (row: unknown) => rejected.push(row);
  for await (const batch of readRecords({ source: "x", role: "x", bytes, contract, tally: { rows: 0 }, onRejected }))
    records.push(...batch);
  expect(rejected).toEqual([]);
  return records;
}
