import { type KeyColumnType, KeyOrder } from "../../../../../etl/core/load/key-order";

const types = (facts: Record<string, string>): Map<string, KeyColumnType> =>
  new Map(
    Object.entries(facts).map(([column, type]) => [column, { type, deterministic: type !== "ci", bytewise: true }]),
  );

function isIncreasing(columnTypes: Record<string, string>, records: Record<string, unknown>[]): boolean {
  const order = new KeyOrder(Object.keys(columnTypes), types(columnTypes), (column) => (record) => record[column]);
  records.forEach((record, index) => {
    order.see(record, index + 1);
  });
  return order.isIncreasing;
}

describe("KeyOrder", () => {
  test.each([
    ["no record", "int4", [], true],
    ["integers", "int4", [-5, 0, 9, 10], true],
    ["an integer twice", "int4", [1, 2, 2], false],
    ["a step back", "int8", [1, 3, 2], false],
    ["a step back at first", "int8", [2, 1, 3], false],
    ["integers written as text", "int4", ["1", "2"], false],
    ["days", "date", ["2020-01-31", "2020-02-01"], true],
    ["days in another form", "date", ["2020-1-1", "2020-01-02"], false],
    ["texts", "text", ["A", "B", "a"], true],
    ["texts that end in a space, which varchar(n) may drop", "varchar", ["a", "a "], false],
    ["decimals, equal in different forms", "numeric", ["1.0", "1.00"], false],
    ["texts that a collation may call equal", "citext", ["A", "a"], false],
  ])("%s", (_what, type, keys, expected) => {
    expect(
      isIncreasing(
        { key: type },
        keys.map((key) => ({ key })),
      ),
    ).toBe(expected);
  });

  test("compares keys of several columns from the first on", () => {
    const columns = { site: "text", sku: "int4" };

    expect(
      isIncreasing(columns, [
        { site: "a", sku: 2 },
        { site: "b", sku: 1 },
        { site: "b", sku: 2 },
      ]),
    ).toBe(true);
    expect(
      isIncreasing(columns, [
        { site: "a", sku: 2 },
        { site: "a", sku: 2 },
      ]),
    ).toBe(false);
    expect(
      isIncreasing(columns, [
        { site: "b", sku: 1 },
        { site: "a", sku: 2 },
      ]),
    ).toBe(false);
  });

  test.each([
    ["days in order", "date", true, ["2020-01-31", "2020-02-01"], true],
    ["a step back", "date", true, ["2020-02-01", "2020-01-31"], false],
    ["texts in the order of their bytes", "text", true, ["B", "a"], true],
    ["texts in a collation's own order", "text", false, ["B", "a"], false],
    ["texts that UTF-16 orders otherwise than Unicode", "text", true, ["\uff5e", "\u{1f600}"], false],
  ])("knows whether the order is the server's: %s", (_what, type, bytewise, keys, expected) => {
    const order = new KeyOrder(
      ["key"],
      new Map([["key", { type, deterministic: true, bytewise }]]),
      () => (key: string) => key,
    );
    keys.forEach((key, at) => {
      order.see(key, at + 1);
    });

    expect(order.isServersOrder).toBe(expected);
  });

  test("takes nothing for granted where the collation is not deterministic", () => {
    const order = new KeyOrder(
      ["key"],
      new Map([["key", { type: "text", deterministic: false, bytewise: true }]]),
      () =>
        ({ key }) =>
          key,
    );
    order.see({ key: "a" }, 1);
    expect(order.isIncreasing).toBe(false);
  });
});
