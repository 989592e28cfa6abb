import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { Kysely, PostgresDialect } from "kysely";
import { Client, types } from "pg";
import { type Database, findErrorCode, parseInteger } from "../../core/database/database";
import { type DatabaseError, DatabaseUrlError } from "../../core/errors";
import { SingleConnection } from "./client";
import { explainDatabaseError } from "./errors";
import { endLostSession } from "./lost-session";
import { beginSession } from "./session";
import { type Patience, type ServerProcess, Silence, viewOf } from "./silence";
import { requireKnownTls } from "./tls";

export interface PostgresOptions extends Patience {
  /**
   * Certificate authorities in PEM, one of which must have signed the server's certificate; enables TLS. @default the
   * URL's sslmode
   */
  readonly ca?: string;
  /** @default 10,000 ms */
  readonly connectTimeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** The server exists, and is starting or stopping: try again soon. */
const STARTING = "57P03";
/** Time that a process with a time limit needs for another try. */
const ENOUGH_MS = 20_000;

/**
 * Opens one connection to PostgreSQL 13 or later. A starting server is tried again, up to five times with growing
 * pauses; no answer at all is an error at once, since the address is more likely wrong.
 *
 * @param url `postgres://user:password@host:5432/database?sslmode=verify-full`; missing parts come from libpq's
 * variables (`PGUSER`, `PGPASSWORD`, …).
 * @throws DatabaseError with what to do; it never contains the password.
 */
export async function openPostgres<Tables>(url: string, options: PostgresOptions = {}): Promise<Database<Tables>> {
  const { remainingMs = () => Number.POSITIVE_INFINITY } = options;
  const again = retry(
    handleWhen((error) => findErrorCode(error) === STARTING && remainingMs() > ENOUGH_MS),
    { maxAttempts: 5, backoff: new ExponentialBackoff({ initialDelay: 200, maxDelay: 5_000 }) },
  );
  return again.execute(() => openOnce<Tables>(url, options));
}

async function openOnce<Tables>(url: string, options: PostgresOptions): Promise<Database<Tables>> {
  const client = createClient(url, options);
  const name = { place: `${client.host}:${client.port}`, database: client.database };
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
  const openAnother = () => createClient(url, options);
  let process: ServerProcess = { pid: 0, since: "" };
  const silence = new Silence(
    client,
    viewOf(() => process, openAnother, connectTimeoutMs),
    options,
  );
  const pool = new SingleConnection(client, name, silence);
  try {
    await client.connect();
    process = await beginSession(client, name, connectTimeoutMs, openAnother);
  } catch (error) {
    // pg leaves the socket open if the login fails on its own side, which keeps Node running.
    await pool.end();
    throw explainDatabaseError(error, name);
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    close: async () => {
      await db.destroy();
      await pool.end();
    },
    reopen: async () => {
      await endLostSession(process, openAnother, connectTimeoutMs);
      return openPostgres(url, options);
    },
  };
}

/** A connection that is not open yet. @throws DatabaseError if the URL cannot be parsed */
export function createClient(url: string, { ca, connectTimeoutMs = CONNECT_TIMEOUT_MS }: PostgresOptions): Client {
  if (!/^postgres(ql)?:\/\//.test(url) || isMisread(url)) throw refuseUrl();
  if (ca === undefined) requireKnownTls(url);
  try {
    return new Client({
      connectionString: url,
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: "millrace",
      keepAlive: true,
      keepAliveInitialDelayMillis: 30_000,
      types: { getTypeParser },
      ...(ca === undefined ? {} : { ssl: { ca, rejectUnauthorized: true } }),
    });
  } catch (error) {
    throw refuseUrl(error);
  }
}

/** A slash or similar in a password ends the host part early: the rest must not be shown as a name. */
function isMisread(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, pathname, search, hash } = new URL(text);
  return pathname.includes("@") || (username === "" && `${search}${hash}`.includes("@"));
}

function refuseUrl(cause?: unknown): DatabaseError {
  return new DatabaseUrlError("the database URL cannot be read", {
    expected: "postgres://user:password@host:5432/database, special characters of the password percent-encoded",
    fix: "Correct the URL: postgres://user@host:port/database",
    cause,
  });
}

/** How pg parses values: its own parsers, except for days, which are not points in time, and whole numbers. */
const getTypeParser: typeof types.getTypeParser = (oid, format) => {
  if (oid === types.builtins.INT8) return parseInteger;
  if (oid === types.builtins.DATE) return (text: string) => text;
  if (oid === types.builtins.TIMESTAMP) return (text: string) => text.replace(" ", "T");
  return types.getTypeParser(oid, format);
};
