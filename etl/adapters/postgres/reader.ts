import { randomBytes } from "node:crypto";
import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { Kysely, PostgresDialect, sql } from "kysely";
import { type Client, Query } from "pg";
import { type Database, findErrorCode } from "../../core/database/database";
import { schemaInForce } from "../../core/database/migrate";
import { prepareReader, READER, READER_SECONDS } from "../../core/database/reader";
import {
  failureOf,
  LIMITS,
  LimitedRows,
  type Limits,
  StatementError,
  type StatementResult,
} from "../../core/database/statement";
import { inTransaction } from "../../core/database/transaction";
import { DatabaseError } from "../../core/errors";
import { SingleConnection } from "./client";
import { explainDatabaseError } from "./errors";
import { createClient, type PostgresOptions } from "./postgres";
import { scramVerifier } from "./scram-verifier";
import { type SecondView, Silence } from "./silence";

/** Key of the lock under which one password at a time is set, in one database: `millrace` in ASCII. */
const LOGIN_LOCK = 7_812_447;
/** The password works for one connection, and no longer than this. */
const LOGIN_SECONDS = 60;
/** Longer than the server's limit: if the server does not end a statement, this side does. */
const END_MS = (READER_SECONDS + 5) * 1000;
/** One value may be a gigabyte: no more than this is received, even if earlier rows are lost. */
const MOST_RECEIVED = 16_000_000;

const TOO_LARGE = `one value is larger than ${MOST_RECEIVED / 1_000_000} MB: select a part of it, for example left(value, 1000)`;

export interface ReaderOptions extends PostgresOptions {
  readonly limits?: Limits;
}

/**
 * Runs a user's statement as {@link READER}, in its own session with its own login: there is no other role to reset to.
 * The pipelines' login sets the password, for this connection only.
 *
 * @param owner the pipelines' login
 * @param url of the same database; its login is not used
 * @throws StatementError if the database refuses the statement, DatabaseError if there is no such role
 */
export async function readPostgres<Tables>(
  { db }: Database<Tables>,
  url: string,
  statement: string,
  options: ReaderOptions = {},
): Promise<StatementResult> {
  const client = await openSession(db, url, options);
  try {
    await client.query("begin transaction read only");
    // From the first snapshot on, nothing can make the transaction writable.
    await client.query("select 1");
    return await runLimited(client, statement, options.limits ?? LIMITS);
  } finally {
    // Its locks and running statements end with it.
    await endSession(db, client);
  }
}

/**
 * Opens the database as {@link READER}, for our own reading code: in its own session, like {@link readPostgres}.
 *
 * @param owner the pipelines' login, which must stay open as long
 * @throws DatabaseError if there is no such role
 */
export async function openPostgresReader<Tables, Owner = Tables>(
  owner: Pick<Database<Owner>, "db">,
  url: string,
  options: PostgresOptions = {},
): Promise<Database<Tables>> {
  const client = await openSession(owner.db, url, options);
  await client.query(`set lock_timeout = ${LOCK_MS}`);
  const name = { place: `${client.host}:${client.port}`, database: client.database };
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: new SingleConnection(client, name, new Silence(client, NO_VIEW, options)) }),
  });
  return {
    db,
    close: async () => {
      await db.destroy();
      await endSession(owner.db, client);
    },
  };
}

/** A page's read must not wait long for an exclusively locked table: later statements would queue behind both. */
const LOCK_MS = 5_000;
/** The reader has one connection, so no other can check on it: the server limits its statements' time. */
const NO_VIEW: SecondView = { look: async () => "unknown", stop: async () => undefined };

async function openSession<Tables>(db: Kysely<Tables>, url: string, options: PostgresOptions): Promise<Client> {
  const schema = await schemaInForce(db);
  await afterRaces(() => {
    return inTransaction(db, "anything was changed", async (trx) => {
      await sql`select pg_advisory_xact_lock(${LOGIN_LOCK})`.execute(trx);
      await prepareReader(trx, schema);
    });
  });
  const client = await logIn(db, url, options);
  try {
    await requireReader(client, schema);
    return client;
  } catch (error) {
    await endSession(db, client);
    throw error;
  }
}

/** The lock is per database, but the role per server: it may be changed at the same moment for another database. */
function afterRaces<Result>(work: () => Promise<Result>): Promise<Result> {
  const isRace = (error: unknown) => /^(28P01|28000|XX000|23505|42710)$/.test(findErrorCode(error) ?? "");
  const backoff = new ExponentialBackoff({ initialDelay: 50, maxDelay: 500 });
  return retry(handleWhen(isRace), { maxAttempts: 5, backoff }).execute(work);
}

async function logIn<Tables>(db: Kysely<Tables>, url: string, options: PostgresOptions): Promise<Client> {
  try {
    return await afterRaces(() => logInOnce(db, url, options));
  } catch (cause) {
    throw new DatabaseError(`${READER} could not log in`, {
      got: explainDatabaseError(cause, { place: "the database" }).details.got,
      fix: `Allow it to log in by password in pg_hba.conf, like the pipelines' login`,
      cause,
    });
  }
}

async function logInOnce<Tables>(db: Kysely<Tables>, url: string, options: PostgresOptions): Promise<Client> {
  const password = randomBytes(32).toString("base64url");
  const role = sql.id(READER);
  await sql`select pg_advisory_lock(${LOGIN_LOCK})`.execute(db);
  try {
    const { rows } = await sql<{ until: string }>`
      select (clock_timestamp() + make_interval(secs => ${LOGIN_SECONDS}))::text as until`.execute(db);
    const verifier = sql.lit(scramVerifier(password));
    await sql`alter role ${role} login password ${verifier} valid until ${sql.lit(rows[0]?.until)}`.execute(db);
    return await connectOnce(withLogin(url, READER, password), options, async () => {
      await afterRaces(() => sql`alter role ${role} nologin password null`.execute(db));
    });
  } finally {
    await sql`select pg_advisory_unlock(${LOGIN_LOCK})`.execute(db);
  }
}

/** @param close always called; if it fails, there is no connection either */
async function connectOnce(url: string, options: PostgresOptions, close: () => Promise<void>): Promise<Client> {
  const client = createClient(url, options);
  // Without a listener, Node ends the process when the server closes the connection.
  client.on("error", () => undefined);
  try {
    await client.connect().finally(close);
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

/** Parameters of a URL take precedence over its user and password. */
function withLogin(url: string, user: string, password: string): string {
  const address = new URL(url);
  address.searchParams.set("user", user);
  address.searchParams.set("password", password);
  return address.href;
}

/** @throws DatabaseError if the server logged in another user, for example by an operating system user's name */
async function requireReader(client: Client, schema: string): Promise<void> {
  const { rows } = await client.query("select session_user::text as login, current_user::text as role");
  if (rows[0]?.login !== READER || rows[0]?.role !== READER) {
    throw new DatabaseError("Nothing was read: the session is not the reader's", {
      got: String(rows[0]?.login),
      expected: READER,
      fix: "Name the database by host and port, without a map of users in pg_ident.conf",
    });
  }
  await client.query("select set_config('search_path', quote_ident($1), false)", [schema]);
}

/** With the extended protocol, which allows one statement. */
function runLimited(client: Client, statement: string, limits: Limits): Promise<StatementResult> {
  const kept = new LimitedRows(limits);
  const { stream } = client.connection;
  return new Promise((resolve, reject) => {
    let columns: readonly string[] = [];
    let isTooLong = false;
    const cut = () => {
      stream.destroy();
      settle(() => resolve(kept.result(columns)));
    };
    const timer = setTimeout(() => {
      isTooLong = true;
      stream.destroy();
    }, END_MS);
    const settle = (end: () => void) => {
      clearTimeout(timer);
      end();
    };
    let received = 0;
    stream.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (received <= MOST_RECEIVED) return;
      kept.end("bytes");
      if (kept.rows.length > 0) cut();
      else query.emit("error", new Error(TOO_LARGE));
    });
    const query = new Query<(string | null)[]>({
      text: statement,
      queryMode: "extended",
      rowMode: "array",
      types: { getTypeParser: () => (text: string) => text },
    } as ConstructorParameters<typeof Query>[0]);
    query.on("row", (row, result) => {
      if (columns.length === 0) columns = result?.fields.map(({ name }) => name) ?? [];
      if (!kept.add(row)) cut();
    });
    query.on("end", (result) => {
      const fields = result.fields.map(({ name }) => name);
      settle(() => resolve(kept.result(fields)));
    });
    query.on("error", (error) => {
      const said = isTooLong ? new Error(`canceled after ${END_MS / 1000} s`) : error;
      settle(() => reject(new StatementError(statement, failureOf(said), error)));
    });
    client.query(query);
  });
}

/** If it cannot be ended from here, its statement limit ends it; the result is still valid. */
async function endSession<Tables>(db: Kysely<Tables>, client: Client): Promise<void> {
  const { processID: pid } = client as Client & { readonly processID?: number | null };
  client.connection.stream.destroy();
  if (pid === undefined || pid === null) return;
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid = ${pid} and usename = ${READER}`
    .execute(db)
    .catch(() => undefined);
}
