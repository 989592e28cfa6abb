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

/** GitHub's data of the configured repository, compared with the configuration. */
export interface RepositoryAnswer {
  readonly problems: readonly string[];
  /** Settings that are not configured yet; undefined if there are none. */
  readonly missing?: GithubSettings;
}

/**
 * Asks GitHub for the repository's ids through the user's `gh`.
 *
 * @throws MillraceError if gh is not installed, is not logged in, or does not see the repository
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
      fix: `On a machine where gh is installed and logged in, run: gh ${args.join(" ")} --jq '.owner.id,.id', and set github.ownerId and github.repositoryId`,
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
    // A different repository than the configured one, or a renamed one: a person must check it first.
    const says = wrong.map(
      ([key, value]) =>
        `github.${key} of ${environment} is ${Reflect.get(github, key) ?? "not set"}, GitHub says ${value}`,
    );
    return { problems: [...says, `if that is right, set ${asText({ ...wanted, ...legacy })}`] };
  }
  if (isOld || !github.legacySubject) return { problems: [] };
  const since = found.created_at.slice(0, 10);
  return { problems: [`github.legacySubject trusts a form that tokens of a repository made on ${since} do not have`] };
}
