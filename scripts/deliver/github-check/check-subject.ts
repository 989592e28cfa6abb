import { roleSubjects } from "../../../config/github-subjects";
import type { Config } from "../../../config/schema";
import { ROLE_KINDS, type RoleKind } from "./repository-variables";

/** What the roles of an environment make of a token's subject. */
export interface SubjectVerdict {
  readonly takes: readonly RoleKind[];
  /** Why none is taken, and what to change. */
  readonly problems: readonly string[];
}

const FORM = /^repo:(?<owner>[^@/:]+)(@(?<ownerId>\d+))?\/(?<name>[^@/:]+)(@(?<repositoryId>\d+))?:(?<place>.+)$/;

/** Compares a token's `sub` with what the roles of the environment trust. */
export function checkSubject(config: Config, subject: string): SubjectVerdict {
  const trusted = roleSubjects(config);
  const takes = ROLE_KINDS.filter((kind) => trusted[kind].includes(subject));
  return { takes, problems: takes.length > 0 ? [] : explain(config, subject) };
}

function explain(config: Config, subject: string): readonly string[] {
  const parts = FORM.exec(subject)?.groups;
  if (parts === undefined) return [`${subject} is no subject of a workflow's token, expected repo:OWNER/REPOSITORY:…`];
  const { github } = config;
  const repository = `${parts.owner}/${parts.name}`;
  const problems = [
    ...(repository === github.repository
      ? []
      : [`the token is of ${repository}, but github.repository is ${github.repository} (capitals count)`]),
    ...explainIds(github, Number(parts.ownerId), Number(parts.repositoryId)),
  ];
  if (problems.length > 0) return problems.map((problem) => `${subject}: ${problem}`);
  const places = Object.values(roleSubjects(config)).flat();
  return [`${subject} is none of what the roles of ${config.environment} trust: ${places.join(", ")}`];
}

/** @param ownerId NaN where the subject names none */
function explainIds(github: Config["github"], ownerId: number, repositoryId: number): readonly string[] {
  const wanted = `github: { ownerId: ${ownerId}, repositoryId: ${repositoryId} }`;
  if (Number.isNaN(ownerId) || Number.isNaN(repositoryId)) {
    const trusted = github.ownerId === undefined || github.legacySubject;
    return trusted ? [] : ["the token names no ids: set github.legacySubject until its tokens do"];
  }
  if (github.ownerId === undefined) return [`the token names ids, which the roles do not trust yet: set ${wanted}`];
  if (github.ownerId === ownerId && github.repositoryId === repositoryId) return [];
  return [
    `its ids are not github.ownerId ${github.ownerId} and github.repositoryId ${github.repositoryId}: if it is yours, set ${wanted}`,
  ];
}
