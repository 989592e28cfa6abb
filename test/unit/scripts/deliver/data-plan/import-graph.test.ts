import { resolve } from "node:path";
import { readCheckout } from "../../../../../scripts/deliver/data-plan/checkout";
import { type Parts, readParts } from "../../../../../scripts/deliver/data-plan/import-graph";

let parts: ReadonlyMap<string, Parts>;
beforeAll(async () => {
  parts = await readParts(await readCheckout(resolve(__dirname, "../../../../..")));
});

const has = (name: string, file: string) => parts.get(name)?.files.has(file);

describe("what a pipeline consists of", () => {
  test("is what its handlers import, to the end", () => {
    expect(has("covid", "etl/pipelines/covid/merge.ts")).toBe(true);
    expect(has("covid", "etl/core/load/load-records.ts")).toBe(true);
    expect(has("covid", "etl/pipelines/orders/records/amount.ts")).toBe(false);
    expect(has("orders", "etl/pipelines/orders/records/amount.ts")).toBe(true);
    expect(has("orders", "etl/core/load/load-records.ts")).toBe(false);
  });

  test("of a feed is its own contract, but no other feed's", () => {
    expect(has("sales", "etl/feeds/sales.ts")).toBe(true);
    expect(has("sales", "etl/feeds/readings.ts")).toBe(false);
    expect(has("readings", "etl/feeds/readings.ts")).toBe(true);
    expect(has("readings", "etl/feeds/plan/plan.ts")).toBe(true);
    expect(has("covid", "etl/feeds/sales.ts")).toBe(false);
  });

  test("includes packages, and what they need, with their versions", () => {
    const packages = [...(parts.get("covid")?.packages ?? [])];

    expect(packages).toContainEqual(expect.stringMatching(/^kysely@\d/));
    // Of pg only.
    expect(packages).toContainEqual(expect.stringMatching(/^pg-protocol@\d/));
    expect(packages).not.toContainEqual(expect.stringMatching(/^jest@/));
  });
});
