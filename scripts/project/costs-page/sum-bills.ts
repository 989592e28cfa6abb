import type { Overrides } from "../../../config/overrides";
import type { ConfigInput } from "../../../config/schema";
import { PRICED_REGIONS, type PricedRegion } from "../../../etl/core/prices/price-table";
import type { Item } from "../../deliver/cost/bill";
import { itemsOf } from "../../deliver/cost/plan-cost";
import { synthesiseResources } from "./synthesise-resources";

/** What an environment costs per month, in each region. */
export type Bills = Readonly<Record<PricedRegion, readonly Item[]>>;

/** A synthesised stack names each subnet of an endpoint. */
const NO_SHAPE = { subnets: 0 };

export function billsOf(environment: ConfigInput, overrides: Overrides): Bills {
  const resources = synthesiseResources(environment, overrides);
  const entries = PRICED_REGIONS.map((region) => {
    return [region, resources.flatMap(({ type, values }) => itemsOf(type, values, NO_SHAPE, region))] as const;
  });
  return Object.fromEntries(entries) as unknown as Bills;
}

interface Choice {
  readonly byUse?: boolean;
  readonly kind?: string;
}

export function sumOf(items: readonly Item[], { byUse, kind }: Choice): number {
  return items
    .filter((item) => (byUse === undefined || item.byUse === byUse) && (kind === undefined || item.kind === kind))
    .reduce((sum, item) => sum + item.dollars, 0);
}
