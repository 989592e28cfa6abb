import { type CostChange, type PlanCost, planCost, sumCosts } from "../cost/plan-cost";
import { type AttributeDifference, attributeDifferences } from "./differences/attribute-difference";
import { Secrets } from "./differences/secrets";
import { visibleChange } from "./differences/visible-change";
import type { KnownNoise } from "./known-noise";
import { type ReviewedChange, reviewChange } from "./reviewed-change";
import type { StackPlan, Waiting } from "./stack-plan";

/** One stack's plan, sorted by what a reviewer has to do with it. */
export interface StackReview {
  readonly stack: string;
  /** Set while there is no plan yet. */
  readonly waiting?: Waiting;
  /** The plan's changes. */
  readonly changes: readonly ReviewedChange[];
  /** Updates without effect. */
  readonly noise: readonly ReviewedChange[];
  /** Changes made outside Terraform since the last apply. */
  readonly drift: readonly ReviewedChange[];
  readonly outputs: readonly AttributeDifference[];
  /** Data that is read during the apply. */
  readonly reads: number;
  readonly unchanged: number;
  readonly cost: PlanCost;
}

const NO_COST: PlanCost = { differences: [], region: undefined };

export function reviewStack({ stack, plan, waiting }: StackPlan, known: readonly KnownNoise[] = []): StackReview {
  if (plan === undefined) {
    return { stack, waiting, changes: [], noise: [], drift: [], outputs: [], reads: 0, unchanged: 0, cost: NO_COST };
  }
  const secrets = Secrets.of(plan);
  const review = (list: typeof plan.resource_changes) =>
    list.map((resource) => reviewChange(resource, plan, secrets, known));
  const all = review(plan.resource_changes);
  const changed = all.filter(({ kind }) => kind !== "unchanged" && kind !== "read");
  return {
    stack,
    changes: changed.filter(({ noise }) => noise === undefined),
    noise: changed.filter(({ noise }) => noise !== undefined),
    drift: review(plan.resource_drift).filter(({ noise }) => noise === undefined),
    outputs: Object.entries(plan.output_changes).flatMap(([name, change]) =>
      attributeDifferences(visibleChange(change, secrets), name),
    ),
    reads: all.filter(({ kind }) => kind === "read").length,
    unchanged: all.filter(({ kind }) => kind === "unchanged").length,
    cost: planCost(plan),
  };
}

/** What the stacks change on the monthly bill together. */
export function costOfStacks(stacks: readonly StackReview[]): CostChange {
  const unplanned = stacks.filter(({ waiting }) => waiting !== undefined).map(({ stack }) => stack);
  return sumCosts(
    stacks.map(({ cost }) => cost),
    unplanned,
  );
}
