import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { Deployment } from "../../../scripts/cloud/deployment";
import { MOTO_FORGETS } from "../cloud/moto-forgets";

const values = z.record(z.string(), z.unknown()).nullable();
const planSchema = z.object({
  resource_changes: z
    .array(
      z.object({
        address: z.string(),
        mode: z.string(),
        type: z.string(),
        change: z.object({
          actions: z.array(z.string()),
          before: values,
          after: values,
          after_unknown: z.record(z.string(), z.unknown()),
        }),
      }),
    )
    .default([]),
});

/** A resource that a plan would touch. */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  /** For example `update`, or `delete, create`. */
  readonly action: string;
  /** Names of the attributes that differ; those that moto forgets are left out of an update. */
  readonly attributes: readonly string[];
}

/** A stack's plan, as `terraform show -json` gives it. */
export async function planOf(deployment: Deployment, stack: string): Promise<unknown> {
  const terraform = deployment.terraform(stack);
  await terraform.plan("test.tfplan");
  return terraform.show("test.tfplan");
}

/** What a plan (`terraform show -json`) would do, but for updates of nothing else than what moto forgets. */
export function plannedChanges(plan: unknown): readonly PlannedChange[] {
  return differences(plan)
    .map((change) => ({ ...change, attributes: change.attributes.filter((name) => !isForgotten(change, name)) }))
    .filter(({ action, attributes }) => action !== "update" || attributes.length > 0);
}

/** `type.attribute` of what moto forgot in a plan: what is on its list and does not come up is stale. */
export function forgottenAttributes(plan: unknown): readonly string[] {
  return differences(plan).flatMap((change) =>
    change.attributes.filter((name) => isForgotten(change, name)).map((name) => `${change.type}.${name}`),
  );
}

function differences(plan: unknown): PlannedChange[] {
  return planSchema
    .parse(plan)
    .resource_changes.filter(({ mode, change }) => mode === "managed" && !change.actions.includes("no-op"))
    .map(({ address, type, change: { actions, before, after, after_unknown } }) => {
      const names = new Set([before ?? {}, after ?? {}, after_unknown].flatMap(Object.keys));
      const attributes = [...names].filter((name) => !isDeepStrictEqual(before?.[name], after?.[name]));
      return { address, type, action: actions.join(", "), attributes: attributes.sort() };
    });
}

function isForgotten({ type, action }: PlannedChange, name: string): boolean {
  return action === "update" && MOTO_FORGETS.some((entry) => entry.type === type && entry.attribute === name);
}
