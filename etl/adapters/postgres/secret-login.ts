import * as z from "zod";
import { DatabaseError } from "../../core/errors";

/** The login in an RDS secret; secrets managed by RDS do not contain host and port. */
const secretLogin = z.object({ username: z.string().min(1), password: z.string().min(1) });
export type DatabaseLogin = z.output<typeof secretLogin>;

/** The part of Powertools' `SecretsProvider` in use. */
export interface SecretsCache {
  get(name: string, options: { readonly maxAge: number; readonly forceFetch: boolean }): Promise<unknown>;
}

export interface ReadLoginOptions {
  /** Ask Secrets Manager even if the secret is cached. Default: false. */
  readonly forceFetch?: boolean;
}

const MAX_AGE_SECONDS = 900;

/**
 * Reads the database's user and password from a secret in RDS's form, at most 15 minutes old.
 *
 * @throws DatabaseError if it has another form; never with a part of the secret in it
 */
export async function readLogin(
  secrets: SecretsCache,
  arn: string,
  { forceFetch = false }: ReadLoginOptions = {},
): Promise<DatabaseLogin> {
  const text = await secrets.get(arn, { maxAge: MAX_AGE_SECONDS, forceFetch });
  const login = secretLogin.safeParse(parseJson(text)).data;
  if (login !== undefined) return login;
  throw new DatabaseError("The database's secret cannot be used", {
    expected: "a JSON object with username and password, in RDS's form",
    where: { source: arn },
    fix: "Name the secret with the database's login",
  });
}

/** Without the cause, which would quote the text. */
function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
