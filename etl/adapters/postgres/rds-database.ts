import { type Database, findErrorCode } from "../../core/database/database";
import { openPostgres } from "./postgres";
import { readLogin, type SecretsCache } from "./secret-login";
import type { Patience } from "./silence";

const WRONG_PASSWORD = "28P01";
const CONNECT_TIMEOUT_MS = 10_000;
/** Time reserved to report the reason, if the function ends before the server answers. */
const TELL_MS = 2_000;

export interface RdsDatabaseOptions extends Patience {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  /** ARN of the secret with username and password. */
  readonly secret: string;
  readonly secrets: SecretsCache;
  /**
   * Certificate authorities in PEM; one of them must have signed the server's certificate, which must have the host's
   * name.
   */
  readonly authorities: string;
}

/**
 * Connects to a database whose login is in a rotating secret. If the server refuses the password, the secret is read
 * again once: a rotation since the last run is not a failure.
 *
 * @throws DatabaseError like {@link openPostgres} and {@link readLogin}
 */
export async function openRdsDatabase<Tables>(options: RdsDatabaseOptions): Promise<Database<Tables>> {
  try {
    return await connect(options, false);
  } catch (error) {
    if (findErrorCode(error) !== WRONG_PASSWORD) throw error;
    return connect(options, true);
  }
}

/** Its address, without a login. */
export function rdsAddress({ host, port, name }: Pick<RdsDatabaseOptions, "host" | "port" | "name">): string {
  return `postgres://${host}:${port}/${encodeURIComponent(name)}`;
}

async function connect<Tables>(options: RdsDatabaseOptions, forceFetch: boolean): Promise<Database<Tables>> {
  const { host, port, name, secret, secrets, authorities, silenceMs, remainingMs } = options;
  const { username, password } = await readLogin(secrets, secret, { forceFetch });
  const login = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
  const url = rdsAddress({ host: `${login}@${host}`, port, name });
  const connectTimeoutMs = remainingMs && Math.max(1, Math.min(CONNECT_TIMEOUT_MS, remainingMs() - TELL_MS));
  const database = await openPostgres<Tables>(url, { ca: authorities, connectTimeoutMs, silenceMs, remainingMs });
  return { ...database, reopen: () => openRdsDatabase(options) };
}
