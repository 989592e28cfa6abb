import * as z from "zod";
import { MillraceError } from "../../../etl/core/errors";

/** The workflows' roles; each environment has all three. */
export const ROLE_KINDS = ["plan", "deploy", "destroy"] as const;
export type RoleKind = (typeof ROLE_KINDS)[number];

/** Variables of the repository on GitHub, by name. GitHub writes names in capitals. */
export type RepositoryVariables = Readonly<Record<string, string>>;

/** The names of an environment's variables, for example `DEV_PLAN_ROLE_ARN`. */
export function variableNames(environment: string) {
  const prefix = environment.toUpperCase();
  const role = (kind: RoleKind) => `${prefix}_${kind.toUpperCase()}_ROLE_ARN`;
  return { role, region: `${prefix}_AWS_REGION` };
}

const listSchema = z.array(z.object({ name: z.string(), value: z.string() }));
const objectSchema = z.record(z.string(), z.string());

/**
 * Reads variables in the form of `toJSON(vars)` in a workflow, or of `gh variable list --json name,value`.
 *
 * @throws MillraceError if the text is neither
 */
export function parseVariables(text: string, source: string): RepositoryVariables {
  try {
    const json: unknown = JSON.parse(text);
    if (!Array.isArray(json)) return objectSchema.parse(json);
    return Object.fromEntries(listSchema.parse(json).map(({ name, value }) => [name, value]));
  } catch (cause) {
    throw new MillraceError("The repository's variables cannot be read", {
      got: text.slice(0, 80),
      expected: "JSON, as `gh variable list --json name,value` prints it",
      where: { source },
      cause,
    });
  }
}
