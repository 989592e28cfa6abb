import type { Config } from "./schema";

type Github = Pick<Config, "github" | "environment">;

/** The token subjects that each of the workflows' roles trusts. */
export interface RoleSubjects {
  readonly plan: readonly string[];
  readonly deploy: readonly string[];
  readonly destroy: readonly string[];
}

/**
 * Exactly what GitHub writes into the tokens of the configured repository's workflows ("OpenID Connect reference",
 * GitHub Docs): the immutable form if the ids are known, and the old form too while `legacySubject` is true.
 */
export function roleSubjects({ github, environment }: Github): RoleSubjects {
  const of = (...places: string[]) => repositoryForms(github).flatMap((form) => places.map((place) => form + place));
  return {
    plan: of(":pull_request", `:ref:refs/heads/${github.branch}`),
    deploy: of(`:environment:${environment}`),
    destroy: of(`:environment:${environment}-destroy`),
  };
}

/** Whether only the old form is trusted, which GitHub no longer writes for repositories made or renamed since 2026-07-15. */
export function trustsOldFormOnly({ ownerId, repositoryId }: Config["github"]): boolean {
  return ownerId === undefined || repositoryId === undefined;
}

function repositoryForms(github: Config["github"]): readonly string[] {
  const { repository, ownerId, repositoryId, legacySubject } = github;
  const old = `repo:${repository}`;
  if (trustsOldFormOnly(github)) return [old];
  const immutable = `repo:${repository.replace("/", `@${ownerId}/`)}@${repositoryId}`;
  return legacySubject ? [immutable, old] : [immutable];
}
