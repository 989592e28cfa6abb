import { changeKind } from "../plan-review/change-kind";
import type { StackPlan } from "../plan-review/stack-plan";
import { lossOf } from "../plan-review/stateful";

/** The label that allows a pull request to lose data. */
export const ALLOWING_LABEL = "allow-destroy";

/** A stateful resource that a plan removes. */
export interface Removal {
  readonly stack: string;
  readonly address: string;
  readonly verb: "destroyed" | "replaced";
  readonly loss: string;
  /** Whether it would be replaced only because an earlier apply left it half-created. */
  readonly halfMade: boolean;
}

export interface Judgement {
  readonly allowed: readonly (Removal & { readonly by: string })[];
  readonly refused: readonly Removal[];
  /** Allowed addresses that are not removed. */
  readonly unused: readonly string[];
}

export function judgePlans(
  plans: readonly StackPlan[],
  { labels, allow }: { readonly labels: readonly string[]; readonly allow: readonly string[] },
): Judgement {
  const removals = plans.flatMap(findRemovals);
  const permission = ({ address }: Removal) => {
    if (allow.includes(address)) return `--allow ${address}`;
    return labels.includes(ALLOWING_LABEL) ? `the label ${ALLOWING_LABEL}` : undefined;
  };
  return {
    allowed: removals.flatMap((removal) => {
      const by = permission(removal);
      return by === undefined ? [] : [{ ...removal, by }];
    }),
    refused: removals.filter((removal) => permission(removal) === undefined),
    unused: allow.filter((address) => !removals.some((removal) => removal.address === address)),
  };
}

function findRemovals({ stack, plan }: StackPlan): readonly Removal[] {
  if (plan === undefined) return [];
  return plan.resource_changes.flatMap((resource) => {
    const loss = lossOf(resource, plan);
    if (loss === undefined) return [];
    const kind = changeKind(resource);
    const halfMade = resource.action_reason === "replace_because_tainted";
    return [{ stack, address: resource.address, verb: kind === "destroy" ? "destroyed" : "replaced", loss, halfMade }];
  });
}
