import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { TerraformResource } from "cdktf";
import { type Overrides, override } from "../../config/overrides";
import { prod } from "../../config/prod";
import { PRICED_REGIONS, PRICES } from "../../etl/core/prices/price-table";
import { ASSUMED } from "../../scripts/deliver/cost/assumed-use";
import { freeGroups, freeTypes } from "../../scripts/deliver/cost/free-types";
import { itemsOf } from "../../scripts/deliver/cost/plan-cost";
import { pricedTypes } from "../../scripts/deliver/cost/priced-types";
import { assumptions } from "../../scripts/project/costs-page/assumptions";
import { combinations, everyPipeline } from "./support/combinations";
import { pagesWeb } from "./support/pages-web";
import { someBackend, synthesize } from "./support/synthesize";

const root = resolve(__dirname, "../..");

/** The types of all resources that the code of the stacks can make, whatever the configuration. */
function typesInCode(): readonly string[] {
  const texts = ["stacks", "modules"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(root, folder, name), "utf8")),
  );
  const names = texts.flatMap((text) => [...text.matchAll(/"(@cdktf\/provider-[\w-]+\/lib\/[\w-]+)"/g)]);
  const load = createRequire(__filename);
  const types = [...new Set(names.map(([, name = ""]) => name))].flatMap((name) =>
    Object.values<unknown>(load(name)).flatMap((exported) => {
      const isResource = typeof exported === "function" && exported.prototype instanceof TerraformResource;
      return isResource ? String(Reflect.get(exported, "tfResourceType")) : [];
    }),
  );
  return [...new Set(types)].sort();
}

describe("the table of costs", () => {
  test("has every type that the stacks can make, as priced or as free, and no other", () => {
    const types = typesInCode();

    expect(types.length).toBeGreaterThan(70);
    expect([...Object.keys(pricedTypes), ...freeTypes].sort()).toEqual(types);
  });

  test("has a source for each price and for each free type, and plain numbers", () => {
    for (const { source } of [...Object.values(PRICES), ...freeGroups]) expect(source).toMatch(/^https:\/\/\S+$/);
    for (const { usd } of Object.values(PRICES)) {
      expect(PRICED_REGIONS).toEqual(expect.arrayContaining(Object.keys(usd)));
      for (const dollars of Object.values(usd)) expect(dollars).toBeGreaterThan(0);
    }
  });
});

describe("the assumed use", () => {
  test("is said in sentences with every figure", () => {
    const text = assumptions.join("\n");

    for (const figure of Object.values(ASSUMED)) {
      const forms = [figure.toLocaleString("en-US"), `${Math.round(100 * figure)} %`];
      expect(forms.some((form) => text.includes(form))).toBe(true);
    }
  });
});

const extras: Overrides = override(everyPipeline, {
  pages: { web: pagesWeb },
  audit: { config: "create", securityHub: "create" },
  budget: { monthlyUsd: 100 },
  retention: { revisionDays: 400 },
});

describe.each(combinations)("the cost of $name", ({ overrides }) => {
  test("has nothing without a price", () => {
    const stacks = synthesize({ environment: prod, overrides: override(overrides, extras), backend: someBackend });
    const resources = (["state-backend", "network", "etl"] as const).flatMap((stack) => stacks[stack].resources());

    const items = resources.flatMap(({ type, arguments: values }) =>
      itemsOf(type, values, { subnets: 2 }, "us-east-1"),
    );

    expect(items.length).toBeGreaterThan(100);
    expect(items.filter(({ unknown }) => unknown !== undefined)).toEqual([]);
    expect(items.every(({ dollars }) => Number.isFinite(dollars) && dollars >= 0)).toBe(true);
  });
});
