import * as z from "zod";
import { trustsOldFormOnly } from "../../../config/github-subjects";
import type { Config } from "../../../config/schema";
import { MillraceError } from "../../../etl/core/errors";
import { runProgram } from "../../command-line/run-program";
import { asText, type GithubSettings } from "./fill-config";

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
  /** What is not configured yet; undefined where all is. */
  readonly missing?: GithubSettings;
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
  const ids = { ownerId: found.owner.id, repositoryId: found.id };
  const wanted = { repository: found.full_name, ...ids };
  const legacy: GithubSettings = isOld ? { legacySubject: true } : {};
  if (github.repository === found.full_name && trustsOldFormOnly(github)) {
    return { problems: [], missing: { ...ids, ...legacy } };
  }
  const wrong = Object.entries(wanted).filter(([key, value]) => Reflect.get(github, key) !== value);
  if (wrong.length > 0) {
    // Another repository than the one that is named, or one that was renamed: a person looks at it first.
    const says = wrong.map(
      ([key, value]) =>
        `github.${key} of ${environment} is ${Reflect.get(github, key) ?? "not set"}, GitHub says ${value}`,
    );
    return { problems: [...says, `where that is right, set ${asText({ ...wanted, ...legacy })}`] };
  }
  if (isOld || !github.legacySubject) return { problems: [] };
  const since = found.created_at.slice(0, 10);
  return { problems: [`github.legacySubject trusts a form that tokens of a repository made on ${since} do not have`] };
}
