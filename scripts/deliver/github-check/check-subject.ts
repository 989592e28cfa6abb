import { roleSubjects } from "../../../config/github-subjects";
import type { Config } from "../../../config/schema";
import { ROLE_KINDS, type RoleKind } from "./repository-variables";

/** Which of an environment's roles accept a token's subject. */
export interface SubjectVerdict {
  readonly takes: readonly RoleKind[];
  /** Why none does, and what to change. */
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
  if (parts === undefined)
    return [`${subject} is not the subject of a workflow's token, expected repo:OWNER/REPOSITORY:…`];
  const { github } = config;
  const repository = `${parts.owner}/${parts.name}`;
  const problems = [
    ...(repository === github.repository
      ? []
      : [`the token is from ${repository}, but github.repository is ${github.repository} (case matters)`]),
    ...explainIds(github, Number(parts.ownerId), Number(parts.repositoryId)),
  ];
  if (problems.length > 0) return problems.map((problem) => `${subject}: ${problem}`);
  const places = Object.values(roleSubjects(config)).flat();
  return [`${subject} is not trusted by the roles of ${config.environment}, which trust: ${places.join(", ")}`];
}

/** @param ownerId NaN if the subject has none */
function explainIds(github: Config["github"], ownerId: number, repositoryId: number): readonly string[] {
  const wanted = `github: { ownerId: ${ownerId}, repositoryId: ${repositoryId} }`;
  if (Number.isNaN(ownerId) || Number.isNaN(repositoryId)) {
    const trusted = github.ownerId === undefined || github.legacySubject;
    return trusted ? [] : ["the token has no ids: set github.legacySubject until tokens have them"];
  }
  if (github.ownerId === undefined) return [`the token has ids, which the roles do not trust yet: set ${wanted}`];
  if (github.ownerId === ownerId && github.repositoryId === repositoryId) return [];
  return [
    `its ids are not github.ownerId ${github.ownerId} and github.repositoryId ${github.repositoryId}: if it is yours, set ${wanted}`,
  ];
}
