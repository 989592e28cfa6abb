import { keysOf, parseBatchFile } from "../../../../../../etl/pipelines/orders/records/batch";

describe("parseBatchFile", () => {
  test.each([
    ["customers_20230828.csv", { id: "20230828", prefix: "", date: "20230828" }],
    ["a/b/orders_20240229.csv.gz", { id: "a/b/20240229", prefix: "a/b/", date: "20240229" }],
    [
      "orders 2023+08é/items_20230828.csv",
      { id: "orders 2023+08é/20230828", prefix: "orders 2023+08é/", date: "20230828" },
    ],
    ["line\nbreak/items_20230828.csv", { id: "line\nbreak/20230828", prefix: "line\nbreak/", date: "20230828" }],
  ])("finds the batch of %j", (key, batch) => {
    expect(parseBatchFile(key)).toEqual(batch);
  });

  test.each([
    "readme.txt",
    "customers_2023082.csv",
    "customers_20230230.csv",
    "customers_20230828.csv.zip",
    "customers_20230828.csv/",
    "Customers_20230828.csv",
    "old_customers_20230828.csv",
    "rejected/20230828/rows.csv",
    "messages/20230828/0a.json",
    "",
  ])("takes %j for a file of another kind", (key) => {
    expect(parseBatchFile(key)).toBeUndefined();
  });

  test("is found by each key of the batch", () => {
    const batch = parseBatchFile("p/items_20230828.csv.gz");
    const keys = batch === undefined ? [] : keysOf(batch, "items");
    expect(keys).toEqual(["p/items_20230828.csv", "p/items_20230828.csv.gz"]);
    expect(keys.map(parseBatchFile)).toEqual([batch, batch]);
  });
});
