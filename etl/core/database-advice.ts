import { types } from "node:util";
import { findErrorCode } from "./database";

/** What a failure of the database is called, and what to do about it. */
export interface Advice {
  readonly headline: string;
  readonly fix: string;
  /** What to do instead where the tables were being made. */
  readonly migrating?: string;
}

const TLS_UNTRUSTED: Advice = {
  headline: "the database's TLS certificate is not trusted",
  fix: "Name the certificate authority by sslrootcert in the URL (for Amazon RDS its certificate bundle), or correct the host name.",
};
/** A migration is written down with what it makes, in one transaction: what of it was kept is not made again. */
const MIGRATE_AGAIN = "Whether it was kept is not known. Run again: that makes what is missing, and nothing twice.";
const LOST: Advice = {
  headline: "the connection to the database was lost",
  fix: "Nothing of the open transaction was kept. Run again; see the server's log when it happens often.",
  migrating: MIGRATE_AGAIN,
};
const UNREACHABLE: Advice = {
  headline: "the database's host does not answer",
  fix: "Check host and port of the database URL, security groups and routes.",
  migrating: `${MIGRATE_AGAIN} If the host stays silent, check security groups and routes.`,
};
const OUT_OF_TIME: Advice = {
  headline: "the database was not done within the function's time",
  fix: "Where it waited for a lock, end the session that holds it (pg_stat_activity tells whose it is); otherwise raise the step's timeoutSeconds.",
};
const NAME_TAKEN: Advice = {
  headline: "a name that millrace needs is taken in this schema",
  fix: "Rename or drop what has the name, or give millrace a schema of its own: CREATE SCHEMA millrace; ALTER ROLE … SET search_path = millrace;",
};
/** What PostgreSQL calls the places that refuse for that: its SQLSTATE is that of a missing privilege, its text in the server's language. */
const ROW_SECURITY_ROUTINES: ReadonlySet<unknown> = new Set(["ExecWithCheckOptions", "check_enable_rls"]);
const ROW_SECURITY: Advice = {
  headline: "row-level security of the table hides or refuses rows from this user",
  fix: "Give the user policies that let it see and write every row, or BYPASSRLS: millrace must see the whole table to tell what is new.",
};
const RUN_AGAIN = "Run again.";

/** By SQLSTATE (PostgreSQL manual, appendix A), by errno, or by what Node's TLS calls it. */
const BY_CODE: Readonly<Record<string, Advice>> = {
  "25006": {
    headline: "the database is read-only",
    fix: "Name the primary server instead of its standby, or switch default_transaction_read_only off for this user or database.",
  },
  "25P03": {
    headline: "the database ended a transaction that waited too long for the next statement",
    fix: "Raise idle_in_transaction_session_timeout, or bring the sources nearer: they came more slowly than that.",
  },
  "28P01": { headline: "the database refused the password", fix: "Check user and password of the database URL." },
  "28000": {
    headline: "the database refused the login",
    fix: "Check the user, and whether pg_hba.conf asks for TLS (sslmode=verify-full).",
  },
  "3D000": { headline: "the database does not exist", fix: "Correct its name in the URL, or create it (createdb)." },
  "3F000": {
    headline: "there is no such schema",
    fix: "Create the schema (CREATE SCHEMA …), or correct the name where the table or search_path has it.",
  },
  "40001": { headline: "the database could not serialize the transaction", fix: RUN_AGAIN },
  "40P01": { headline: "the transaction was in a deadlock", fix: RUN_AGAIN },
  "42501": {
    headline: "the user may not do this in the database",
    fix: "Grant the privilege, or use another user.",
    migrating: "GRANT CREATE ON SCHEMA {schema} TO the user, once, and run again.",
  },
  "42703": {
    headline: "a table lacks a column that millrace uses",
    fix: "It is not the table that millrace made: put the column back, or move the table away and run again.",
    migrating:
      "A table of that name is not millrace's own. Rename it, or give millrace a schema of its own (search_path).",
  },
  "428C9": {
    headline: "a column that millrace writes is one that the database fills itself",
    fix: "Make it a plain one: ALTER TABLE … ALTER COLUMN … DROP EXPRESSION where it is generated, DROP IDENTITY where it counts.",
  },
  "42P01": {
    headline: "a table that millrace uses is not there",
    fix: "Somebody dropped or renamed it, or search_path leads to another schema: bring it back, or correct search_path.",
  },
  "42P07": NAME_TAKEN,
  "42710": NAME_TAKEN,
  "42809": {
    headline: "what has the table's name is no table",
    fix: "A view or the like has the name: rename or drop it, or give millrace a schema of its own (search_path).",
  },
  "42P10": {
    headline: "the table has no unique index on exactly its natural key",
    fix: "CREATE UNIQUE INDEX on the columns of the key, without an expression and without WHERE.",
  },
  "53100": { headline: "the database's disk is full", fix: "Free or add space." },
  "53200": { headline: "the database is out of memory", fix: "Lower work_mem, or give the server more memory." },
  "53300": { headline: "the database has no free connection", fix: "Wait, or raise max_connections." },
  "55000": {
    headline: "what has the table's name cannot be written",
    fix: "A view has the name: rename or drop it, or give millrace a schema of its own (search_path).",
  },
  "55P03": {
    headline: "a lock of the database was not free in time",
    fix: "Wait for the other run, then run again.",
    migrating:
      "Somebody holds a lock on one of millrace's tables: end that session, or raise lock_timeout, and run again.",
  },
  "57014": {
    headline: "the database cancelled the statement",
    fix: "Raise statement_timeout, or run again.",
    migrating: "Raise statement_timeout for this user, and run again: nothing of the change was kept.",
  },
  "57P01": LOST,
  "57P02": LOST,
  "57P03": { headline: "the database is starting or stopping", fix: "Run again in a moment." },
  "57P05": { headline: "the database ended a session that was idle", fix: "Raise idle_session_timeout." },
  P0001: {
    headline: "a trigger or function of the database refused",
    fix: "The text is its own (RAISE EXCEPTION): ask whoever put it on the table, or mend the record that it names.",
  },
  ECONNREFUSED: {
    headline: "nothing listens at the database's address",
    fix: "Start the server, or correct host and port of the database URL.",
  },
  ENOTFOUND: { headline: "the database's host name is unknown", fix: "Correct the host in the database URL." },
  EAI_AGAIN: { headline: "the database's host name could not be looked up", fix: "Check the network, then run again." },
  ENOENT: { headline: "the database's socket is not there", fix: "Start the server, or correct host and port." },
  ETIMEDOUT: UNREACHABLE,
  ETIME: OUT_OF_TIME,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ECONNRESET: LOST,
  EPIPE: LOST,
  SELF_SIGNED_CERT_IN_CHAIN: TLS_UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: TLS_UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: TLS_UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: TLS_UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: TLS_UNTRUSTED,
  CERT_HAS_EXPIRED: TLS_UNTRUSTED,
};

/** By the class of the SQLSTATE, its first two characters. */
const BY_CLASS: Readonly<Record<string, Advice>> = {
  "08": LOST,
  "22": {
    headline: "a value does not fit its column",
    fix: "Let the contract of the source reject such rows before the load.",
  },
  "23": {
    headline: "a record breaks a constraint of its table",
    fix: "Let the contract of the source reject such rows, or change the constraint.",
  },
  "58": {
    headline: "the database cannot read or write its own files",
    fix: "Look whether its disk is there and sound, and whether somebody removed files; --fresh begins with an empty embedded one.",
  },
};

/** What pg reports without a code. */
const BY_TEXT: readonly (readonly [RegExp, Advice])[] = [
  [
    /server does not support SSL/i,
    { headline: "the database offers no TLS", fix: "Turn ssl on there, or leave sslmode out of the URL." },
  ],
  [
    /password must be a/i,
    { headline: "the database asks for a password", fix: "Put it in the database URL or in PGPASSWORD." },
  ],
  [/timeout expired/i, UNREACHABLE],
  [/connection (terminated|error|closed)|closed and is not queryable/i, LOST],
];

/** What to do about an error of the database; undefined where nothing is known of its kind. */
export function findAdvice(error: unknown): Advice | undefined {
  const code = findErrorCode(error);
  if (code === "42501" && ROW_SECURITY_ROUTINES.has(routineOf(error))) return ROW_SECURITY;
  const known = code === undefined ? undefined : (BY_CODE[code] ?? BY_CLASS[code.slice(0, 2)]);
  return known ?? BY_TEXT.find(([text]) => messages(error).some((message) => text.test(message)))?.[1];
}

/** What to do where the tables could not be made: the cause decides. */
export function adviseOnMigration(error: unknown, schema: string): string {
  const { fix, migrating } = findAdvice(error) ?? {};
  return (migrating ?? fix ?? "Look at the server's log, mend what it says, and run again.").replace(
    "{schema}",
    schema,
  );
}

/** Whether the connection is gone, so that the outcome of a COMMIT that was under way is not known. */
export function isLostConnection(error: unknown): boolean {
  const advice = findAdvice(error);
  return (
    advice === LOST ||
    advice === UNREACHABLE ||
    advice === OUT_OF_TIME ||
    /^(25P03|57P05)$/.test(findErrorCode(error) ?? "")
  );
}

/** Where in the server an error was raised. */
function routineOf(error: unknown): unknown {
  for (let link = error; types.isNativeError(link); link = link.cause) if ("routine" in link) return link.routine;
  return undefined;
}

function messages(error: unknown): string[] {
  const found: string[] = [];
  for (let link = error; types.isNativeError(link); link = link.cause) found.push(link.message);
  return found;
}
