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

/** For whom a password is made at a time, in one database: `millrace` in ASCII. */
const LOGIN_LOCK = 7_812_447;
/** The password works for one connection, and no longer than this. */
const LOGIN_SECONDS = 60;
/** Beyond what the server bears: where it does not end a statement, this side does. */
const END_MS = (READER_SECONDS + 5) * 1000;
/** One value may be a gigabyte: more than this is not taken in, whatever becomes of the rows before. */
const MOST_RECEIVED = 16_000_000;

const TOO_LARGE = `one value is larger than ${MOST_RECEIVED / 1_000_000} MB: select a part of it, as left(value, 1000)`;

export interface ReaderOptions extends PostgresOptions {
  readonly limits?: Limits;
}

/**
 * Runs one statement of a person as {@link READER}, in a session of its own that logged in as nobody else: there is no role
 * to go back to. The login of the pipelines makes the password, for this connection alone.
 *
 * @param owner the login of the pipelines
 * @param url where the same database listens; the login in it is not used
 * @throws StatementError where the database refuses the statement, DatabaseError where there is no such role
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
    // What it holds, locks and a statement that still runs, ends with it.
    await endSession(db, client);
  }
}

/**
 * Opens the database as {@link READER}, for code of ours that reads: in a session of its own, as {@link readPostgres} does.
 *
 * @param owner the login of the pipelines, which must stay open as long
 * @throws DatabaseError where there is no such role
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

/** Who reads for a page waits for nobody who keeps a table to himself: what waits behind him waits for both. */
const LOCK_MS = 5_000;
/** The reader gets one connection, so that none can look what it is at: its statements have their time by the server. */
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

/** The lock is one database's, the role the server's: somebody may change it at the same moment for another database. */
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
      fix: `pg_hba.conf must let it in by password, as the login of the pipelines`,
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

/** @param close called whatever comes of it; where it fails, there is no connection either */
async function connectOnce(url: string, options: PostgresOptions, close: () => Promise<void>): Promise<Client> {
  const client = createClient(url, options);
  // Without a listener Node would end the process when the server closes the connection.
  client.on("error", () => undefined);
  try {
    await client.connect().finally(close);
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

/** Parameters of a URL go before its user and password. */
function withLogin(url: string, user: string, password: string): string {
  const address = new URL(url);
  address.searchParams.set("user", user);
  address.searchParams.set("password", password);
  return address.href;
}

/** @throws DatabaseError where the server has let somebody else in, for example by the name of an operating system's user */
async function requireReader(client: Client, schema: string): Promise<void> {
  const { rows } = await client.query("select session_user::text as login, current_user::text as role");
  if (rows[0]?.login !== READER || rows[0]?.role !== READER) {
    throw new DatabaseError("Nothing was read: the session is not that of the reader", {
      got: String(rows[0]?.login),
      expected: READER,
      fix: "Name the database by host and port, without a map of users in pg_ident.conf",
    });
  }
  await client.query("select set_config('search_path', quote_ident($1), false)", [schema]);
}

/** By the extended protocol, which takes one statement. */
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

/** Where it cannot be ended from here, the limit of its statements ends it: what was read is not lost for that. */
async function endSession<Tables>(db: Kysely<Tables>, client: Client): Promise<void> {
  const { processID: pid } = client as Client & { readonly processID?: number | null };
  client.connection.stream.destroy();
  if (pid === undefined || pid === null) return;
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid = ${pid} and usename = ${READER}`
    .execute(db)
    .catch(() => undefined);
}
