import { type Kysely, sql } from "kysely";
import { DatabaseError } from "../errors";

/** The role that reads all tables of the pipelines, and cannot write. It belongs to the server, not to one database. */
export const READER = "millrace_reader";

/** Time limit of its statements. */
export const READER_SECONDS = 30;

/** Settings of its sessions. Users may change them for their own: only its rights keep them from writing. */
const SETTINGS = {
  default_transaction_read_only: "on",
  statement_timeout: `${READER_SECONDS}s`,
  idle_in_transaction_session_timeout: `${READER_SECONDS}s`,
} as const;

const FIX =
  "ALTER ROLE … CREATEROLE for the login of the pipelines; if somebody else created the role, PostgreSQL 16 and later need " +
  `GRANT ${READER} TO … WITH ADMIN OPTION, too`;

/** The database has no reader, and the pipelines' login cannot create one. */
export class NoReaderError extends DatabaseError {}

interface Facts {
  readonly user: string;
  /** Whether the role exists. */
  readonly exists: boolean;
  readonly mayCreate: boolean;
  readonly isSuperuser: boolean;
  /** Whether we may change it; null if it does not exist. */
  readonly administers: boolean | null;
  readonly isMember: boolean | null;
  /** `name=value`. */
  readonly settings: readonly string[];
}

/**
 * Creates or updates the role, any number of times: it may read everything that the present user owns in a schema,
 * including future tables. Nobody can log in as it: {@link READER} gets a password for one connection at a time.
 *
 * @throws NoReaderError if the user may not create roles, or the role is somebody else's: nothing is granted to it
 * then, since its owner could read it
 */
export async function prepareReader<Tables>(db: Kysely<Tables>, schema: string): Promise<void> {
  const { exists, mayCreate, isSuperuser, administers, isMember, settings, user } = await askFacts(db);
  const role = sql.id(READER);
  if (exists && administers !== true) throw refuse(user, "the role exists and belongs to somebody else");
  if (!exists && !mayCreate) throw refuse(user, "the user may not create it");
  if (!exists) await sql`create role ${role} nologin`.execute(db);
  // To end its sessions; a superuser may do so anyway.
  if (!isSuperuser && isMember !== true) await sql`grant ${role} to ${sql.id(user)}`.execute(db);
  for (const [name, value] of Object.entries(SETTINGS)) {
    if (settings.includes(`${name}=${value}`)) continue;
    await sql`alter role ${role} set ${sql.raw(name)} = ${sql.lit(value)}`.execute(db);
  }
  await sql`grant usage on schema ${sql.id(schema)} to ${role}`.execute(db);
  await sql`alter default privileges in schema ${sql.id(schema)} grant select on tables to ${role}`.execute(db);
  const tables = await unreadTables(db, schema);
  if (tables.length === 0) return;
  await sql`grant select on ${sql.join(tables.map((table) => sql.id(schema, table)))} to ${role}`.execute(db);
}

async function askFacts<Tables>(db: Kysely<Tables>): Promise<Facts> {
  // Before version 16 a role that may create roles may change every role; since then it needs both ("ALTER ROLE",
  // PostgreSQL's reference).
  const { rows } = await sql<Facts>`
    select current_user::text as "user", reader.oid is not null as "exists",
      me.rolsuper or me.rolcreaterole as "mayCreate", me.rolsuper as "isSuperuser",
      case when reader.oid is null then null
        when current_setting('server_version_num')::int >= 160000
          then me.rolsuper or (me.rolcreaterole and pg_has_role(me.oid, reader.oid, 'MEMBER WITH ADMIN OPTION'))
        else me.rolsuper or me.rolcreaterole end as "administers",
      case when reader.oid is null then null else pg_has_role(me.oid, reader.oid, 'USAGE') end as "isMember",
      coalesce(reader.rolconfig, '{}') as "settings"
    from pg_roles me left join pg_roles reader on reader.rolname = ${READER}
    where me.rolname = current_user`.execute(db);
  const [facts] = rows;
  if (facts === undefined) throw new Error("the database answered nothing");
  return facts;
}

/** Tables, views and the like there that it cannot read yet and the present user owns: others must grant their own. */
async function unreadTables<Tables>(db: Kysely<Tables>, schema: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname::text as name from pg_class c
    where c.relnamespace = quote_ident(${schema})::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
      and c.relowner = (select oid from pg_roles where rolname = current_user)
      and not has_table_privilege(${READER}, c.oid, 'SELECT')
    order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

function refuse(user: string, got: string): NoReaderError {
  return new NoReaderError(`The database has no role ${READER} to read with`, {
    got,
    expected: `one that ${user} may create and change`,
    fix: `The pipelines do not need it. Its owner says: ${FIX}`,
  });
}
