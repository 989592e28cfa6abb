import { placeOf } from "./grants";
import { allKeys, isProvoked, keysOf, provokes, type Reasons, reasonsFor } from "./reasons";
import type { Recording } from "./recording";
import { roleName, stableName } from "./stable-names";
import type { UsedPermission } from "./usage";

export interface Evidence {
  readonly recordings: readonly Recording[];
  readonly permissions: readonly UsedPermission[];
}

/** The faults of the proof: a line each, none if it is valid. */
export function judge({ recordings, permissions }: Evidence, reasons: Reasons): readonly string[] {
  return [
    ...unlistedSuites(recordings, reasons),
    ...refusals(recordings, reasons),
    ...unexplained(permissions, reasons),
    ...stale(recordings, permissions, reasons),
  ];
}

/** Suites that belong to the proof and recorded nothing. */
export function missingSuites(recordings: readonly Recording[], { suites }: Reasons): readonly string[] {
  return suites.filter((name) => !recordings.some(({ suite }) => suite === name));
}

function unlistedSuites(recordings: readonly Recording[], { suites }: Reasons): readonly string[] {
  return recordings
    .filter(({ suite }) => !suites.includes(suite))
    .map(({ suite }) => `${suite} recorded, but is not among the suites of the reasons' file`);
}

function refusals(recordings: readonly Recording[], reasons: Reasons): readonly string[] {
  const lines = recordings.flatMap(({ suite, decisions }) =>
    decisions
      .filter((decision) => decision.decision !== "Allowed" && !isProvoked(decision, reasons))
      .map(({ principal, action, resource, decision, reason }) => {
        const who = roleName(principal);
        return `${decision === "Unknown" ? "not examined" : "refused"}: ${who} ${action} on ${stableName(resource)} ${reason} (${suite})`;
      }),
  );
  return [...new Set(lines)];
}

/**
 * The permissions that need a reason. If no action of a statement is used, no resource is: the actions' reasons are
 * enough.
 */
export function lacking(permissions: readonly UsedPermission[]): readonly UsedPermission[] {
  const used = new Set(
    permissions.filter(({ kind, called }) => kind === "action" && called.length > 0).map(({ grant }) => placeOf(grant)),
  );
  return permissions.filter(
    ({ kind, grant, called }) => called.length === 0 && (kind === "action" || used.has(placeOf(grant))),
  );
}

function unexplained(permissions: readonly UsedPermission[], reasons: Reasons): readonly string[] {
  return lacking(permissions)
    .filter((permission) => reasonsFor(permission, reasons).length === 0)
    .map(
      ({ grant, kind, pattern }) =>
        `unused, without a reason: ${grant.role} (${grant.policy}) ${kind} ${pattern}` +
        (kind === "action" ? ` on ${grant.resources.join(", ")}` : ""),
    );
}

function stale(
  recordings: readonly Recording[],
  permissions: readonly UsedPermission[],
  reasons: Reasons,
): readonly string[] {
  const unused = lacking(permissions);
  const decisions = recordings.flatMap((recording) => recording.decisions);
  return [
    ...reasons.unused.flatMap((reason) => {
      const explained = new Set((reason.sometimes ? permissions : unused).flatMap((one) => keysOf(reason, one)));
      return allKeys(reason)
        .filter((key) => !explained.has(key))
        .map((key) => `stale reason: ${key} is used, or not granted: ${reason.reason}`);
    }),
    ...reasons.provoked
      .filter((entry) => !decisions.some((decision) => decision.decision !== "Allowed" && provokes(entry, decision)))
      .map(({ action, resource }) => `stale reason: no test provokes ${action} on ${resource}`),
  ];
}
