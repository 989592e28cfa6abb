import { describeGrant, type PolicyStatement, placeOf, statementsOf } from "./grants";
import type { RecordedRole, Recording } from "./recording";
import type { Simulator } from "./simulator";
import { roleName } from "./stable-names";
import {
  type Call,
  collectGrants,
  decideAgain,
  explainCalls,
  keyOf,
  type Permission,
  type UsedPermission,
  usePermissions,
} from "./usage";

/** A removed grant, and the first call that was refused without it. */
export interface Removal {
  readonly permission: Permission;
  /** Undefined if every recorded call was still allowed: the removal was not noticed. */
  readonly lost?: Call;
}

/**
 * Removes one action after the other from the roles in turn, and decides the recorded calls that it allowed again.
 *
 * @param atLeast the minimum number; each role that uses something loses at least one
 * @param random numbers from 0 to 1, for example from a seed
 */
export async function removeGrants(
  permissions: readonly UsedPermission[],
  calls: readonly Call[],
  { atLeast, random, simulator }: { atLeast: number; random: () => number; simulator: Simulator },
): Promise<readonly Removal[]> {
  const removals: Removal[] = [];
  for (const permission of chooseInTurn(onlyWays(permissions, calls), atLeast, random)) {
    removals.push({ permission, lost: await firstLost(permission, calls, simulator) });
  }
  return removals;
}

/** Adds `*` to the statement of a permission, and determines the usage again: whether the addition is unused. */
export async function addEverything(
  to: Permission,
  recordings: readonly Recording[],
  simulator: Simulator,
): Promise<boolean> {
  const own = recordings.map(({ suite, roles, decisions }) => ({
    suite,
    roles: roles.filter(({ role }) => roleName(role) === to.grant.role).map((role) => allowAll(role, to)),
    decisions: decisions.flatMap((decision) =>
      decision.role === undefined || roleName(decision.role.role) !== to.grant.role
        ? []
        : [{ ...decision, role: allowAll(decision.role, to) }],
    ),
  }));
  const permissions = usePermissions(collectGrants(own), await explainCalls(own, simulator));
  const added = permissions.filter(({ kind, pattern }) => kind === "action" && pattern === "*");
  return added.length > 0 && added.every(({ called }) => called.length === 0);
}

/** Actions that are the only permission of at least one call, even if other calls use them too. */
function onlyWays(permissions: readonly UsedPermission[], calls: readonly Call[]): readonly UsedPermission[] {
  const alone = new Set(
    calls
      .map(({ allowedBy }) => new Set(allowedBy.filter(({ kind }) => kind === "action").map(keyOf)))
      .filter(({ size }) => size === 1)
      .flatMap((keys) => [...keys]),
  );
  return permissions.filter((permission) => permission.kind === "action" && alone.has(keyOf(permission)));
}

function chooseInTurn(permissions: readonly UsedPermission[], count: number, random: () => number) {
  const roles = [...new Set(permissions.map(({ grant }) => grant.role))].sort();
  const left = new Map(roles.map((role) => [role, permissions.filter(({ grant }) => grant.role === role)]));
  const chosen: UsedPermission[] = [];
  while (chosen.length < count && [...left.values()].some(({ length }) => length > 0)) {
    for (const own of left.values()) chosen.push(...own.splice(Math.floor(random() * own.length), 1));
  }
  return chosen;
}

async function firstLost(permission: Permission, calls: readonly Call[], simulator: Simulator) {
  const key = keyOf(permission);
  for (const call of calls) {
    const { role } = call.decision;
    if (role === undefined || !call.allowedBy.some((one) => keyOf(one) === key)) continue;
    const without = change(role, permission, (actions) => actions.filter((action) => action !== permission.pattern));
    const { decision } = await decideAgain(simulator, call.decision, without);
    if (decision !== "Allowed") return call;
  }
  return undefined;
}

function allowAll(role: RecordedRole, to: Permission): RecordedRole {
  return change(role, to, (actions) => [...actions, "*"]);
}

/** The role with other actions in a permission's statement; a statement without actions is left out. */
function change(
  role: RecordedRole,
  { grant }: Permission,
  edit: (actions: readonly string[]) => string[],
): RecordedRole {
  const place = placeOf(grant);
  const isEdited = (policy: string, statement: PolicyStatement) =>
    statement.Effect === "Allow" && placeOf(describeGrant(roleName(role.role), policy, statement)) === place;
  const identity = Object.entries(role.identity).flatMap(([policy, document]) => {
    const statements = statementsOf(document)
      .map((one) => (isEdited(policy, one) ? { ...one, Action: edit(one.Action) } : one))
      .filter(({ Action }) => Action.length > 0);
    return statements.length === 0 ? [] : [[policy, { ...document, Statement: statements }] as const];
  });
  return { ...role, identity: Object.fromEntries(identity) };
}
