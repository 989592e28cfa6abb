import * as z from "zod";
import type { PriceName } from "../../../etl/core/prices/price-table";
import { changeKind } from "../plan-review/change-kind";
import type { Plan, ResourceChange } from "../plan-review/plan";
import { Bill, type Item } from "./bill";
import { freeTypes } from "./free-types";
import { pricedTypes, type Shape } from "./priced-types";

/** One kind of what plans change on the monthly bill. */
export interface CostLine {
  readonly what: string;
  /** How many resources. */
  readonly count: number;
  readonly dollars: number;
}

/** How plans change the monthly bill. */
export interface CostChange {
  /** What is paid by the hour or month, used or not. */
  readonly fixed: readonly CostLine[];
  /** What is paid by use, for the use of `ASSUMED`. */
  readonly byUse: readonly CostLine[];
  /** What costs something, or may, and the table has no price of; with how often. */
  readonly unknown: ReadonlyMap<string, number>;
  /** The prices of us-east-1 that stood in for those of the plans' region. */
  readonly borrowed: readonly PriceName[];
  /** Undefined if the plans do not name it. */
  readonly region: string | undefined;
  /** Stacks that wait for another one, and are not counted. */
  readonly unplanned: readonly string[];
}

/** Subnets of an endpoint whose plan does not say which: the network has two zones or more. */
const FEWEST_ZONES = 2;
/** The region of which the table has all prices. */
const REFERENCE = "us-east-1";

/** What one plan changes, by resource. */
export interface PlanCost {
  readonly differences: readonly Difference[];
  readonly region: string | undefined;
}

export function planCost(plan: Plan): PlanCost {
  const region = regionOf(plan);
  const changes = plan.resource_changes.filter((change) => {
    return change.mode === "managed" && changeKind(change) !== "unchanged";
  });
  return { differences: changes.flatMap((change) => differenceOf(change, shapeOf(plan, change), region)), region };
}

/** What plans change together. */
export function sumCosts(plans: readonly PlanCost[], unplanned: readonly string[] = []): CostChange {
  const differences = plans.flatMap((plan) => plan.differences);
  return {
    fixed: linesOf(differences.filter(({ byUse }) => !byUse)),
    byUse: linesOf(differences.filter(({ byUse }) => byUse)),
    unknown: countUnknown(differences),
    borrowed: [...new Set(differences.flatMap(({ borrowed }) => borrowed))],
    region: plans.find(({ region }) => region !== undefined)?.region,
    unplanned,
  };
}

/** What one resource costs per month. */
export function itemsOf(type: string, values: unknown, shape: Shape, region: string): readonly Item[] {
  if (values === null || values === undefined || freeTypes.has(type)) return [];
  const bill = new Bill(region);
  const rule = pricedTypes[type];
  try {
    if (rule === undefined) bill.unpriced(type, type);
    else rule(bill, values, shape);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    bill.unpriced(type, type);
  }
  return bill.items;
}

/** What a change adds and takes away, of one kind. */
export interface Difference extends Pick<CostLine, "what" | "dollars"> {
  readonly byUse: boolean;
  readonly unknown: readonly string[];
  readonly borrowed: readonly PriceName[];
}

/** What a change adds and takes away, by kind. */
function differenceOf(resource: ResourceChange, shape: Shape, region = REFERENCE): readonly Difference[] {
  const [before, after] = bothItems(resource, shape, region);
  const kinds = [...new Set([...before, ...after].map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const [old, now] = [before, after].map((items) => items.find((item) => item.kind === kind));
    // Prices of two regions have no difference.
    const isMixed = old !== undefined && now !== undefined && old.borrowed.length !== now.borrowed.length;
    if (!isMixed || region === REFERENCE) return compare(kind, old, now);
    const inReference = bothItems(resource, shape, REFERENCE).map((items) => items.find((item) => item.kind === kind));
    return { ...compare(kind, inReference[0], inReference[1]), borrowed: [...old.borrowed, ...now.borrowed] };
  });
}

function bothItems(
  { type, change }: ResourceChange,
  shape: Shape,
  region: string,
): readonly [readonly Item[], readonly Item[]] {
  // What Terraform forgets stays in AWS, and on the bill.
  const isForgotten = change.actions.includes("forget");
  const before = isForgotten ? [] : itemsOf(type, change.before, shape, region);
  return [before, itemsOf(type, change.after, shape, region)];
}

function compare(kind: string, old: Item | undefined, now: Item | undefined): Difference {
  const both = [old, now].filter((item) => item !== undefined);
  const details = [...new Set(both.flatMap(({ detail }) => detail ?? []))].join(" → ");
  // What an unknown type costs may change with anything of it.
  const isType = both.some(({ unknown }) => unknown === kind);
  const isSame = !isType && old?.detail === now?.detail && old?.dollars === now?.dollars;
  const unknown = isSame ? [] : [...new Set(both.flatMap((item) => item.unknown ?? []))];
  return {
    what: details === "" ? kind : `${kind} ${details}`,
    // A difference from an unknown amount is unknown, too.
    dollars: unknown.length > 0 ? 0 : (now?.dollars ?? 0) - (old?.dollars ?? 0),
    byUse: both.some(({ byUse }) => byUse),
    unknown,
    borrowed: isSame ? [] : both.flatMap(({ borrowed }) => borrowed),
  };
}

/** Largest first; a line for each kind. */
function linesOf(differences: readonly Difference[]): readonly CostLine[] {
  const lines = new Map<string, CostLine>();
  for (const { what, dollars } of differences) {
    if (dollars === 0) continue;
    const { count, dollars: before } = lines.get(what) ?? { count: 0, dollars: 0 };
    lines.set(what, { what, count: count + 1, dollars: before + dollars });
  }
  return [...lines.values()].sort((a, b) => Math.abs(b.dollars) - Math.abs(a.dollars));
}

function countUnknown(differences: readonly Difference[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of differences.flatMap(({ unknown }) => unknown)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function regionOf({ configuration: { provider_config } }: Plan): string | undefined {
  const provider = Object.values(provider_config).find(({ name }) => name === "aws");
  return provider?.expressions.region?.constant_value;
}

const subnetsSchema = z.object({ subnet_ids: z.object({ references: z.array(z.string()) }) });

/** The subnets of a plan that creates them: by name, their ids come later. */
function shapeOf({ configuration }: Plan, { type, name }: ResourceChange): Shape {
  const own = configuration.root_module.resources.find(({ address }) => address === `${type}.${name}`);
  const references = subnetsSchema.safeParse(own?.expressions).data?.subnet_ids.references ?? [];
  const subnets = new Set(references.filter((reference) => /^aws_subnet\.[\w-]+$/.test(reference)));
  return { subnets: subnets.size === 0 ? FEWEST_ZONES : subnets.size };
}
