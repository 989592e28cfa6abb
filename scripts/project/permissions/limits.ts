import { describeGrant, type Grant, placeOf, statementsOf } from "./grants";
import type { Document, Recording } from "./recording";
import { roleName } from "./stable-names";

/** A role's denials, which override any grant, statement by statement. */
export function denials(recordings: readonly Recording[], role: string): readonly Grant[] {
  const documents = recordings
    .flatMap(({ roles }) => roles.filter((one) => roleName(one.role) === role))
    .flatMap(({ identity }) => Object.entries(identity));
  return distinct(documents.flatMap(([policy, document]) => describe(role, policy, document, "Deny")));
}

/** A policy that limits roles, overriding their own. */
export interface Boundary {
  readonly roles: readonly string[];
  readonly allows: readonly Grant[];
  readonly denies: readonly Grant[];
}

/** The boundary of all bounded roles. Suites may deploy several; this has the statements of all. */
export function boundaryOf(recordings: readonly Recording[]): Boundary {
  const bounded = recordings
    .flatMap(({ roles }) => roles)
    .flatMap(({ role, boundary }) => (boundary === null ? [] : [{ role: roleName(role), boundary }]));
  const documents = [...new Map(bounded.map(({ boundary }) => [JSON.stringify(boundary), boundary])).values()];
  const statements = (effect: "Allow" | "Deny") =>
    distinct(documents.flatMap((document) => describe("", "boundary", document, effect)));
  return {
    roles: [...new Set(bounded.map(({ role }) => role))].sort(),
    allows: statements("Allow"),
    denies: statements("Deny"),
  };
}

function describe(role: string, policy: string, document: Document, effect: "Allow" | "Deny"): readonly Grant[] {
  return statementsOf(document)
    .filter(({ Effect }) => Effect === effect)
    .map((statement) => describeGrant(role, policy, statement));
}

function distinct(grants: readonly Grant[]): readonly Grant[] {
  const name = (grant: Grant) => `${placeOf(grant)} ${grant.actions.join()}`;
  return [...new Map(grants.map((grant) => [name(grant), grant])).values()].sort((a, b) =>
    name(a) < name(b) ? -1 : 1,
  );
}
