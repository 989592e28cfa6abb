import { defineTable } from "../../../../../etl/core/contract/contract";
import { targetOf } from "../../../../../etl/core/load/load-records";

const text = { type: "text" } as const;

describe("where a load goes", () => {
  test("is the table, the key and the other columns of a contract, in their order", () => {
    const contract = defineTable({
      table: "raw.stock",
      columns: { label: text, sku: text, site: text },
      key: ["site"],
    });

    expect(targetOf(contract)).toEqual({ table: "raw.stock", key: ["site"], columns: ["label", "sku"] });
  });

  test("has no other columns where all are its key, in types, too", () => {
    const contract = defineTable({ table: "pairs", columns: { left: text, right: text }, key: ["right", "left"] });

    const { columns, ...rest } = targetOf(contract);
    const none: readonly never[] = columns;

    expect({ ...rest, none }).toEqual({ table: "pairs", key: ["right", "left"], none: [] });
  });
});
