import * as z from "zod";
import { DatabaseError } from "../../core/errors";

/** The part of an RDS secret that logs in; RDS keeps host and port out of the secrets that it manages. */
const secretLogin = z.object({ username: z.string().min(1), password: z.string().min(1) });
export type DatabaseLogin = z.output<typeof secretLogin>;

/** What is used of Powertools' `SecretsProvider`. */
export interface SecretsCache {
  get(name: string, options: { readonly maxAge: number; readonly forceFetch: boolean }): Promise<unknown>;
}

export interface ReadLoginOptions {
  /** Ask Secrets Manager even when the cache has the secret. Default: false. */
  readonly anew?: boolean;
}

const MAX_AGE_SECONDS = 900;

/**
 * Reads the database's user and password from a secret in the form that RDS gives it, at most 15 minutes old.
 *
 * @throws DatabaseError where it has another form; never with a part of the secret in it
 */
export async function readLogin(
  secrets: SecretsCache,
  arn: string,
  { anew = false }: ReadLoginOptions = {},
): Promise<DatabaseLogin> {
  const text = await secrets.get(arn, { maxAge: MAX_AGE_SECONDS, forceFetch: anew });
  const login = secretLogin.safeParse(parseJson(text)).data;
  if (login !== undefined) return login;
  throw new DatabaseError("The database's secret cannot be used", {
    expected: "a JSON object with username and password, as RDS makes it",
    where: { source: arn },
    fix: "Name the secret that holds the login of the database",
  });
}

/** Without its error, which would quote the text. */
function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
