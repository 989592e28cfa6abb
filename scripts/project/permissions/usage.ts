import { describeGrant, type Grant, type PolicyStatement, placeOf, statementsOf } from "./grants";
import { broaderFirst, matches } from "./pattern";
import { isAttack, type RecordedDecision, type RecordedRole, type Recording } from "./recording";
import type { Answer, Simulator } from "./simulator";
import { roleName, stableName } from "./stable-names";

/** One permission of a role's statement: an action, or a resource of it. */
export interface Permission {
  readonly grant: Grant;
  readonly kind: "action" | "resource";
  /** As in the policy: `lambda:Get*`. */
  readonly pattern: string;
}

/** A recorded call of a role, and all of its permissions that allow it. */
export interface Call {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly suite: string;
  readonly decision: RecordedDecision;
  readonly allowedBy: readonly Permission[];
}

export interface UsedPermission extends Permission {
  /** The actions called with it; none if no call needs it. */
  readonly called: readonly string[];
}

/** The grants of all recorded roles; equal ones of several suites are merged, with all their actions. */
export function collectGrants(recordings: readonly Recording[]): readonly Grant[] {
  const grants = new Map<string, Grant>();
  for (const role of recordings.flatMap(({ roles }) => roles)) {
    for (const { grant } of allowing(role)) {
      const place = placeOf(grant);
      const actions = new Set([...(grants.get(place)?.actions ?? []), ...grant.actions]);
      grants.set(place, { ...grant, actions: [...actions].sort() });
    }
  }
  return [...grants.values()].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

/** Decides every recorded call of a role again, to find the statements that allow it. */
export async function explainCalls(recordings: readonly Recording[], simulator: Simulator): Promise<readonly Call[]> {
  const made = recordings.flatMap(({ suite, decisions }) =>
    decisions.filter((one) => one.decision === "Allowed" && !isAttack(one)).map((decision) => ({ suite, decision })),
  );
  return Promise.all(
    made.flatMap(({ suite, decision }) => {
      const { role } = decision;
      return role === undefined ? [] : [explain(suite, decision, role, simulator)];
    }),
  );
}

/** Asks the simulator for a recorded decision, with its role's policies or with replacements. */
export function decideAgain(
  simulator: Simulator,
  { action, resource, context, resourcePolicy, endpoint, session }: RecordedDecision,
  { role, identity, boundary }: RecordedRole,
): Promise<Answer> {
  const principal = `${role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")}/${session ?? "session"}`;
  return simulator.decide({ principal, action, resource, context, resourcePolicy, endpoint, identity, boundary });
}

/**
 * Each permission with the calls that need it. If several allow a call, it counts for the narrowest: a broader one is
 * used only if it allows a call that no narrower one does.
 */
export function usePermissions(grants: readonly Grant[], calls: readonly Call[]): readonly UsedPermission[] {
  const needs = calls.map((call) => ({ call, left: call.allowedBy.filter(({ kind }) => kind === "action") }));
  const actions = narrow(permissionsOf(grants, "action"), needs);
  // Only the resources of the statements that remain for a call.
  const places = needs.map(({ call, left }) => {
    const statements = new Set(left.map(({ grant }) => placeOf(grant)));
    return {
      call,
      left: call.allowedBy.filter(({ kind, grant }) => kind === "resource" && statements.has(placeOf(grant))),
    };
  });
  return [...actions, ...narrow(permissionsOf(grants, "resource"), places)];
}

interface Need {
  readonly call: Call;
  left: readonly Permission[];
}

/** Removes the permissions that no call needs, the broadest first; a call's `left` has those that remain for it. */
function narrow(permissions: readonly Permission[], needs: readonly Need[]): readonly UsedPermission[] {
  const needsOf = new Map<string, Need[]>();
  for (const need of needs) {
    for (const key of new Set(need.left.map(keyOf))) needsOf.set(key, [...(needsOf.get(key) ?? []), need]);
  }
  return [...permissions].sort(byBreadth).map((permission) => {
    const key = keyOf(permission);
    const own = needsOf.get(key) ?? [];
    const others = (need: Need) => need.left.filter((other) => keyOf(other) !== key);
    if (own.some((need) => others(need).length === 0)) {
      return { ...permission, called: [...new Set(own.map(({ call }) => call.action))].sort() };
    }
    for (const need of own) need.left = others(need);
    return { ...permission, called: [] };
  });
}

function permissionsOf(grants: readonly Grant[], kind: Permission["kind"]): readonly Permission[] {
  return grants.flatMap((grant) =>
    (kind === "action" ? grant.actions : grant.resources).map((pattern) => ({ grant, kind, pattern })),
  );
}

async function explain(
  suite: string,
  decision: RecordedDecision,
  role: RecordedRole,
  simulator: Simulator,
): Promise<Call> {
  const { action, resource } = decision;
  const answer = await decideAgain(simulator, decision, role);
  const statements = allowing(role);
  const allowedBy = answer.grants.flatMap(({ policy, statement: index }) => {
    const found = statements.find((entry) => entry.policy === policy && entry.index === index);
    if (found === undefined) throw new Error(`${role.role} has no statement ${index} in ${policy}`);
    return permissionsFor(action, resource, found.grant, found.statement);
  });
  return { role: roleName(role.role), action, resource: stableName(resource), suite, decision, allowedBy };
}

function permissionsFor(action: string, resource: string, grant: Grant, statement: PolicyStatement): Permission[] {
  const actions = statement.Action.filter((pattern) => matches(pattern, action, "i"));
  const resources = statement.Resource.filter((pattern) => pattern === "*" || matches(pattern, resource));
  return [
    ...actions.map((pattern) => ({ grant, kind: "action" as const, pattern })),
    ...resources.map((pattern) => ({ grant, kind: "resource" as const, pattern: stableName(pattern) })),
  ];
}

function allowing({ role, identity }: RecordedRole) {
  return Object.entries(identity).flatMap(([policy, document]) =>
    statementsOf(document).flatMap((statement, index) =>
      statement.Effect === "Allow"
        ? [{ policy, index, statement, grant: describeGrant(roleName(role), policy, statement) }]
        : [],
    ),
  );
}

/** A key that is equal for a permission of one role, from any suite. */
export function keyOf({ grant, kind, pattern }: Permission): string {
  return `${kind} ${pattern} ${placeOf(grant)}`;
}

function byBreadth(a: Permission, b: Permission): number {
  return (
    broaderFirst(a.pattern, b.pattern) ||
    broaderFirst(a.grant.resources[0] ?? "", b.grant.resources[0] ?? "") ||
    a.grant.conditions.length - b.grant.conditions.length ||
    (placeOf(a.grant) < placeOf(b.grant) ? -1 : 1)
  );
}
