import * as z from "zod";
import type { Config } from "../../config/schema";
import { MillraceError } from "../../etl/core/errors";
import { runProgram } from "../run-program";

/** Since when GitHub writes ids into the tokens of new and renamed repositories. */
const IMMUTABLE_SINCE = "2026-07-15";

const answerSchema = z.object({
  full_name: z.string(),
  id: z.number().int(),
  created_at: z.string(),
  owner: z.object({ id: z.number().int() }),
});

type Repository = z.output<typeof answerSchema>;

/** What GitHub says of the configured repository against what is configured. */
export interface RepositoryAnswer {
  readonly problems: readonly string[];
  /** What belongs in the environment's file; undefined where it is there. */
  readonly settings?: string;
}

/**
 * Asks GitHub for the repository's ids through the `gh` of whoever runs this.
 *
 * @throws MillraceError when gh is not there, is not logged in, or does not see the repository
 */
export async function askGithub(config: Config): Promise<RepositoryAnswer> {
  const { repository } = config.github;
  const args = ["api", `repos/${repository}`];
  try {
    const { stdout } = await runProgram("gh", args);
    return compare(config, answerSchema.parse(JSON.parse(stdout)));
  } catch (cause) {
    throw new MillraceError("GitHub could not be asked for the repository's ids", {
      got: cause instanceof MillraceError ? cause.message : "an answer of another form",
      where: { source: repository },
      fix: `Where gh is installed and logged in, run: gh ${args.join(" ")} --jq '.owner.id,.id', and set github.ownerId and github.repositoryId`,
      cause,
    });
  }
}

function compare({ github, environment }: Config, found: Repository): RepositoryAnswer {
  const isOld = found.created_at < IMMUTABLE_SINCE;
  const wanted = { repository: found.full_name, ownerId: found.owner.id, repositoryId: found.id };
  const wrong = Object.entries(wanted).filter(([key, value]) => Reflect.get(github, key) !== value);
  if (wrong.length === 0) {
    if (isOld || !github.legacySubject) return { problems: [] };
    const since = found.created_at.slice(0, 10);
    return {
      problems: [`github.legacySubject trusts a form that tokens of a repository made on ${since} do not have`],
    };
  }
  const settings = { ...wanted, ...(isOld ? { legacySubject: true } : {}) };
  const text = Object.entries(settings).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return {
    problems: wrong.map(
      ([key, value]) =>
        `github.${key} of ${environment} is ${Reflect.get(github, key) ?? "not set"}, GitHub says ${value}`,
    ),
    settings: `github: { ${text.join(", ")} }`,
  };
}
