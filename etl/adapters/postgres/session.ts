import type { Client } from "pg";
import { DatabaseError } from "../../core/errors";
import { type DatabaseName, placeOf } from "./errors";
import { type ServerProcess, within } from "./silence";

/**
 * Settings that a user or a database may have changed, but this program relies on; and how soon the server notices that
 * the client is gone, to release its locks: sockets are probed after 30 s, and given up after a minute.
 */
const SETTINGS = {
  client_encoding: "UTF8",
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  standard_conforming_strings: "on",
  extra_float_digits: "1",
  quote_all_identifiers: "off",
  tcp_keepalives_idle: "30",
  tcp_keepalives_interval: "10",
  tcp_keepalives_count: "3",
  tcp_user_timeout: "60000",
} as const;

interface SessionFacts extends ServerProcess {
  readonly encoding: string;
}

/**
 * Prepares a new connection for a run.
 *
 * @param openSecond opens another connection, to detect a pooler that shares sessions
 * @returns the server's process
 * @throws DatabaseError if the database is not UTF-8, or a pooler shares the session between transactions
 */
export async function beginSession(
  client: Client,
  name: DatabaseName,
  timeoutMs: number,
  openSecond: () => Client,
): Promise<ServerProcess> {
  const { pid, since, encoding } = await within(client, timeoutMs, askFacts(client));
  if (encoding !== "UTF8") {
    throw new DatabaseError("the database is not in UTF-8", {
      got: `encoding ${encoding}`,
      expected: "UTF8",
      where: placeOf(name),
      fix: "Create one that is: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0;",
    });
  }
  // A server sends its process number when a session begins; a pooler invents a number.
  const announced = (client as Client & { readonly processID?: number | null }).processID;
  if (announced !== pid && (await isShared(client, pid, timeoutMs, openSecond))) {
    throw new DatabaseError("the connection goes through a pooler that shares sessions between transactions", {
      got: "another session for the second statement",
      expected: "one session per connection, since it holds the locks that keep runs apart",
      where: placeOf(name),
      fix: "Use the pooler's session mode (pgbouncer: pool_mode = session), or the server's own port.",
    });
  }
  const settings = Object.entries(SETTINGS).map(([key, value]) => `set_config('${key}', '${value}', false)`);
  await within(client, timeoutMs, client.query(`select ${settings.join(", ")}`));
  return { pid, since };
}

async function askFacts(client: Client): Promise<SessionFacts> {
  const { rows } = await client.query<SessionFacts>(
    `select pg_backend_pid() as pid, current_setting('server_encoding') as encoding,
      (select backend_start::text from pg_stat_activity where pid = pg_backend_pid()) as since`,
  );
  const [facts] = rows;
  if (facts === undefined) throw new Error("the database answered nothing");
  return facts;
}

/** Whether another connection gets the first one's session, or the first one another, while both are open. */
async function isShared(client: Client, pid: number, timeoutMs: number, openSecond: () => Client): Promise<boolean> {
  const second = openSecond();
  second.on("error", () => undefined);
  try {
    await within(second, timeoutMs, second.connect());
    await within(second, timeoutMs, second.query("begin"));
    const other = await within(second, timeoutMs, askFacts(second));
    if (other.pid === pid) return true;
    return (await within(client, timeoutMs, askFacts(client))).pid !== pid;
  } catch (error) {
    // `begin` is refused if sessions are shared between statements; a pool of one session is full if they are not.
    return error instanceof Error && "code" in error && error.code === "08P01";
  } finally {
    await within(second, timeoutMs, second.end()).catch(() => undefined);
  }
}
