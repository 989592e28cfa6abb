import { UsageError } from "../../../../../etl/core/errors";
import { checkContract } from "../../../../../etl/pipelines/import/check-contract";
import type { ImportContract } from "../../../../../etl/pipelines/import/contract";
import { sales } from "../../../../../etl/pipelines/import/contracts/sales";

const columnsNamed = (...names: readonly string[]): ImportContract["columns"] => ({
  ...sales.columns,
  ...Object.fromEntries(names.map((name) => [name, { type: "text" }])),
});

describe("checkContract", () => {
  test("takes what PostgreSQL and the reader take", () => {
    const odd = columnsNamed("page", "Sold At", "ö".repeat(31), "select", '"');
    for (const delimiter of [",", ";", "\t", "|", " ", "\u0001"]) {
      expect(() => checkContract({ ...sales, columns: odd, table: "shop.sales", delimiter })).not.toThrow();
    }
  });

  test.each<[string, Partial<ImportContract>, RegExp]>([
    [
      "a name of more than 63 bytes",
      { columns: columnsNamed("ö".repeat(32)) },
      /columns\.ö+: got "ö+", expected a name of at most 63 bytes.*let header say/,
    ],
    [
      "a column of the import's own",
      { columns: columnsNamed("source_object") },
      /source_object.*expected another name/,
    ],
    ["a system column", { columns: columnsNamed("ctid") }, /ctid.*system column/],
    [
      "a helper's name",
      { columns: columnsNamed("millrace_fate") },
      /expected a name that does not begin with millrace_/,
    ],
    [
      "more columns than a table has",
      { columns: columnsNamed(...Array.from({ length: 1_600 }, (_, at) => `c${at}`)) },
      /at most 1598 columns/,
    ],
    ["no column", { columns: {} }, /at least one column/],
    ["a table's name that is too long", { table: `shop.${"t".repeat(64)}` }, /table: got .*at most 63 bytes/],
    ["three parts of a table's name", { table: "a.b.c" }, /expected table, or schema\.table/],
    ["a key that is no column", { key: ["sale"] }, /key: got .*"sale".*expected columns of the contract/],
    ["a key that may be NULL", { key: ["note"] }, /expected columns that are not nullable/],
    ["a key's column twice", { key: ["line", "line"] }, /each column once/],
    [
      "more decimals than digits",
      { columns: { ...sales.columns, amount: { type: "numeric", precision: 2, scale: 3 } } },
      /columns\.amount.*a scale of 0 to the precision/,
    ],
  ])("refuses %s", (_what, changes, message) => {
    const check = () => checkContract({ ...sales, ...changes });

    expect(check).toThrow(UsageError);
    expect(check).toThrow(message);
  });

  test.each(["§", "¦", "€", "", ",,", '"', "\\", "\n", "\r", "\0"])("refuses the delimiter %j", (delimiter) => {
    expect(() => checkContract({ ...sales, delimiter })).toThrow(
      `delimiter: got ${JSON.stringify(delimiter)}, expected one ASCII character that is no quote, backslash or line end`,
    );
  });
});
