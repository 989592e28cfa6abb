import { createHash } from "node:crypto";
import { changeKind } from "../../plan-review/change-kind";
import { attributeDifferences } from "../../plan-review/differences/attribute-difference";
import type { StackPlan } from "../../plan-review/stack-plan";

/** A hash of all changes of plans, without unchanged resources and times. */
export function fingerprintOf(plans: readonly StackPlan[]): string {
  const content = plans.map(({ stack, plan, waiting }) => ({
    stack,
    waiting,
    changes: (plan?.resource_changes ?? [])
      .map((resource) => ({ ...resource, kind: changeKind(resource) }))
      .filter(({ kind }) => kind !== "unchanged" && kind !== "read")
      .map(({ address, deposed, kind, change: { before, after, after_unknown, replace_paths } }) => ({
        address,
        deposed,
        kind,
        replace_paths,
        after_unknown,
        differences: attributeDifferences({ before, after }),
      }))
      .sort((a, b) => compare(a.address, b.address)),
    outputs: Object.entries(plan?.output_changes ?? {})
      .flatMap(([name, { before, after }]) => attributeDifferences({ before, after }, name))
      .sort((a, b) => compare(a.path, b.path)),
  }));
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
