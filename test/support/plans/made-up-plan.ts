import { parsePlan } from "../../../scripts/deliver/plan-review/plan";
import type { StackPlan } from "../../../scripts/deliver/plan-review/stack-plan";

export interface MadeUpChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: object | null;
    readonly after: object | null;
  };
}

/** A resource that is created, deleted or updated. */
export function changeOf(type: string, before: object | null, after: object | null, name = "x"): MadeUpChange {
  const action = before === null ? "create" : after === null ? "delete" : "update";
  const change = { actions: [action], before, after };
  return Object.assign({ address: `${type}.${name}`, type, change }, { mode: "managed", name });
}

/** A plan of the etl stack. */
export function planOf(changes: readonly MadeUpChange[], region?: string, rootModule: object = {}): StackPlan {
  const provider = region && { aws: { name: "aws", expressions: { region: { constant_value: region } } } };
  const configuration = { root_module: rootModule, ...(provider && { provider_config: provider }) };
  const plan = parsePlan({ format_version: "1.2", resource_changes: changes, configuration }, "test");
  return { stack: "etl", plan };
}
