import { readFileSync } from "node:fs";
import * as z from "zod";
import { matches } from "./pattern";
import { isAttack, type RecordedDecision } from "./recording";
import { roleName, stableName } from "./stable-names";
import type { UsedPermission } from "./usage";

const text = z.string().min(1);
const explanation = {
  /** Why it is needed although no run uses it. */
  reason: z.string().min(20),
  /** The source: AWS, Terraform's provider, or a report of it. */
  source: text.optional(),
  /** Whether some runs use it, depending on timing. @default false */
  sometimes: z.literal(true).optional(),
};
const unusedSchema = z.union([
  z.strictObject({ roles: z.array(text).min(1), actions: z.array(text).min(1), on: text.optional(), ...explanation }),
  z.strictObject({ roles: z.array(text).min(1), resources: z.array(text).min(1), ...explanation }),
]);
const provokedSchema = z.strictObject({
  roles: z.array(text).min(1),
  action: text,
  resource: text,
  reason: z.string().min(20),
});

const reasonsSchema = z.strictObject({
  /** The suites whose recordings are the proof. */
  suites: z.array(text).min(1),
  unused: z.array(unusedSchema),
  provoked: z.array(provokedSchema),
});

/** Reasons for permissions that no run uses, and refusals that tests provoke. `*` matches any text. */
export type Reasons = Readonly<z.output<typeof reasonsSchema>>;
export type Reason = Reasons["unused"][number];
export type Provoked = Reasons["provoked"][number];

export function readReasons(file: string): Reasons {
  return reasonsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** The reasons for a permission, each with its matching pattern. */
export function reasonsFor(permission: UsedPermission, { unused }: Reasons): readonly Reason[] {
  return unused.filter((reason) => keysOf(reason, permission).length > 0);
}

/** Patterns of a reason that match the permission: a role's with an action's or a resource's. */
export function keysOf(reason: Reason, { grant, kind, pattern }: UsedPermission): readonly string[] {
  const patterns = "actions" in reason ? reason.actions : reason.resources;
  if (kind !== ("actions" in reason ? "action" : "resource")) return [];
  if ("actions" in reason && reason.on !== undefined) {
    const { on } = reason;
    if (!grant.resources.some((resource) => same(on, resource))) return [];
  }
  const roles = reason.roles.filter((role) => same(role, grant.role));
  return roles.flatMap((role) => patterns.filter((one) => same(one, pattern)).map((one) => `${role} ${one}`));
}

/** All keys that {@link keysOf} may return for a reason. */
export function allKeys(reason: Reason): readonly string[] {
  const patterns = "actions" in reason ? reason.actions : reason.resources;
  return reason.roles.flatMap((role) => patterns.map((pattern) => `${role} ${pattern}`));
}

/** Whether a test provoked this refusal. */
export function isProvoked(decision: RecordedDecision, { provoked }: Reasons): boolean {
  return isAttack(decision) || provoked.some((entry) => provokes(entry, decision));
}

export function provokes({ roles, action, resource }: Provoked, decision: RecordedDecision): boolean {
  return (
    roles.some((role) => same(role, roleName(decision.principal))) &&
    same(action, decision.action) &&
    same(resource, stableName(decision.resource))
  );
}

/** A policy's own wildcard is an ordinary character here: `*` of a reason matches it. */
function same(pattern: string, name: string): boolean {
  return pattern === name || matches(pattern, name);
}
