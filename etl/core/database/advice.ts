import { types } from "node:util";
import { findErrorCode, findFunction, findRoutine } from "./database";

/** The headline of a database failure, and what to do about it. */
export interface Advice {
  readonly headline: string;
  readonly fix: string;
  /** What to do instead if tables were being created. */
  readonly migrating?: string;
  /**
   * Transient failures: PostgreSQL asks for the transaction again, or a later try may succeed. Default: somebody must
   * act.
   */
  readonly passes?: "at once" | "later";
  /** The connection is lost. */
  readonly endsSession?: true;
}

const TLS_UNTRUSTED: Advice = {
  headline: "the database's TLS certificate is not trusted",
  fix: "Trust the authority that signed it (for Amazon RDS its certificate bundle), or correct the host name.",
};
/** A migration is recorded in the transaction that creates its tables: committed ones are not created again. */
const MIGRATE_AGAIN = "It is not known whether it was committed. Run again: only missing parts are created.";
const LOST: Advice = {
  headline: "the connection to the database was lost",
  fix: "Nothing of the open transaction was kept. Run again; see the server's log when it happens often.",
  migrating: MIGRATE_AGAIN,
  passes: "later",
  endsSession: true,
};
/**
 * Ended by a user, by another session's crash or by a restarting server: the server says so itself, so nothing of the
 * transaction was kept.
 */
const ENDED: Advice = { ...LOST, passes: "at once" };
const UNREACHABLE: Advice = {
  headline: "the database's host does not answer",
  fix: "Check the database's host and port, security groups and routes.",
  migrating: `${MIGRATE_AGAIN} If the host stays silent, check security groups and routes.`,
  passes: "later",
  endsSession: true,
};
const OUT_OF_TIME: Advice = {
  headline: "the database was not done within the function's time",
  fix: "If it waited for a lock, end the session that holds it (see pg_stat_activity); otherwise raise the step's timeoutSeconds.",
  endsSession: true,
};
const NAME_TAKEN: Advice = {
  headline: "a name that millrace needs is taken in this schema",
  fix: "Rename or drop the object with that name, or give millrace a schema of its own: CREATE SCHEMA millrace; ALTER ROLE … SET search_path = millrace;",
};
/**
 * PostgreSQL's routines that refuse for that reason: the SQLSTATE is that of a missing privilege, and the text is in
 * the server's language.
 */
const ROW_SECURITY_ROUTINES: ReadonlySet<unknown> = new Set(["ExecWithCheckOptions", "check_enable_rls"]);
const ROW_SECURITY: Advice = {
  headline: "row-level security of the table hides or refuses rows from this user",
  fix: "Give the user policies that let it see and write every row, or BYPASSRLS: millrace must see the whole table to find new rows.",
};
/** What millrace itself does is not at fault: the function names what it lacks. */
const IN_FUNCTION: Advice = {
  headline: "a trigger or function of the database failed",
  fix: "The error is in that function, which is not millrace's: correct it, or create and grant what it needs.",
};
const RUN_AGAIN = "Run again.";

/** By SQLSTATE (PostgreSQL manual, appendix A), errno, or the name from Node's TLS. */
const BY_CODE: Readonly<Record<string, Advice>> = {
  "25006": {
    headline: "the database is read-only",
    fix: "Name the primary server instead of its standby, or switch default_transaction_read_only off for this user or database.",
  },
  "25P03": {
    headline: "the database ended a transaction that waited too long for the next statement",
    fix: "Raise idle_in_transaction_session_timeout, or use faster sources: they were slower than that.",
    endsSession: true,
  },
  "28P01": {
    headline: "the database refused the password",
    fix: "Check the user and the password.",
    // A rotation may be under way.
    passes: "later",
  },
  "28000": {
    headline: "the database refused the login",
    fix: "Check the user, and whether pg_hba.conf asks for TLS (sslmode=verify-full).",
  },
  "3D000": { headline: "the database does not exist", fix: "Correct its name, or create it (createdb)." },
  "3F000": {
    headline: "there is no such schema",
    fix: "Create the schema (CREATE SCHEMA …), or correct its name in the table or search_path.",
  },
  "40001": { headline: "the database could not serialise the transaction", fix: RUN_AGAIN, passes: "at once" },
  "40P01": { headline: "the transaction was in a deadlock", fix: RUN_AGAIN, passes: "at once" },
  "42501": {
    headline: "the user may not do this in the database",
    fix: "Grant the privilege, or use another user.",
    migrating: "GRANT CREATE ON SCHEMA {schema} TO the user, once, and run again.",
  },
  "42703": {
    headline: "a table lacks a column that millrace uses",
    fix: "It is not the table that millrace created: restore the column, or rename the table and run again.",
    migrating:
      "A table with that name is not millrace's. Rename it, or give millrace a schema of its own (search_path).",
  },
  "428C9": {
    headline: "a column that millrace writes is generated by the database",
    fix: "Make it a plain column: ALTER TABLE … ALTER COLUMN … DROP EXPRESSION if it is generated, DROP IDENTITY (or SET GENERATED BY DEFAULT) if it is an identity.",
  },
  "42P01": {
    headline: "a table that millrace uses does not exist",
    fix: "It was dropped or renamed, or search_path leads to another schema: restore it, or correct search_path.",
  },
  "42P07": NAME_TAKEN,
  "42710": NAME_TAKEN,
  "42809": {
    headline: "the object with the table's name is not a table",
    fix: "A view or similar has the name: rename or drop it, or give millrace a schema of its own (search_path).",
  },
  "42P10": {
    headline: "the table has no unique index on exactly its natural key",
    fix: "CREATE UNIQUE INDEX on the columns of the key, without an expression and without WHERE.",
  },
  "53100": { headline: "the database's disk is full", fix: "Free or add space." },
  "53200": { headline: "the database is out of memory", fix: "Lower work_mem, or give the server more memory." },
  "53300": {
    headline: "the database has no free connection",
    fix: "Wait, or raise max_connections.",
    passes: "later",
  },
  "54000": {
    headline: "a value or a row is larger than PostgreSQL can store",
    fix: "A row of an index has at most 8,191 bytes, of a B-tree 2,704: shorten the value, or drop the index and create one on md5(column), or none. A row of a table has at most 8,160 bytes besides its long texts: use fewer columns.",
  },
  "55000": {
    headline: "the object with the table's name cannot be written",
    fix: "A view has the name: rename or drop it, or give millrace a schema of its own (search_path).",
  },
  "55P03": {
    headline: "a lock of the database was not free in time",
    fix: "Wait for the other run, then run again.",
    migrating:
      "Somebody holds a lock on one of millrace's tables: end that session, or raise lock_timeout, and run again.",
    passes: "later",
  },
  "57014": {
    headline: "the database cancelled the statement",
    fix: "Raise statement_timeout, or run again.",
    migrating: "Raise statement_timeout for this user, and run again: nothing of the change was kept.",
  },
  "57P01": ENDED,
  "57P02": ENDED,
  "57P03": { headline: "the database is starting or stopping", fix: "Run again in a moment.", passes: "at once" },
  "57P05": {
    headline: "the database ended a session that was idle",
    fix: "Raise idle_session_timeout.",
    endsSession: true,
  },
  P0001: {
    headline: "a trigger or function of the database refused",
    fix: "The text is from its RAISE EXCEPTION: ask its owner, or correct the record that it names.",
  },
  ECONNREFUSED: {
    headline: "nothing listens at the database's address",
    fix: "Start the server, or correct its host and port.",
    passes: "later",
  },
  ENOTFOUND: { headline: "the database's host name is unknown", fix: "Correct the database's host." },
  EAI_AGAIN: {
    headline: "the database's host name could not be looked up",
    fix: "Check the network, then run again.",
    passes: "later",
  },
  ENOENT: { headline: "the database's socket does not exist", fix: "Start the server, or correct host and port." },
  ETIMEDOUT: UNREACHABLE,
  ETIME: OUT_OF_TIME,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ECONNRESET: LOST,
  ECONNABORTED: LOST,
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
    fix: "Make the source's contract reject such rows before the load.",
  },
  "23": {
    headline: "a record breaks a constraint of its table",
    fix: "Make the source's contract reject such rows, or change the constraint.",
  },
  "58": {
    headline: "the database cannot read or write its own files",
    fix: "Check that its disk is mounted and intact, and that no files were removed.",
  },
};

/** Messages of pg without a code. */
const BY_TEXT: readonly (readonly [RegExp, Advice])[] = [
  [
    /server does not support SSL/i,
    { headline: "the database offers no TLS", fix: "Turn ssl on there, or do not request TLS." },
  ],
  [/password must be a/i, { headline: "the database asks for a password", fix: "Give it with the user." }],
  [/timeout expired/i, UNREACHABLE],
  [/connection (terminated|error|closed)|closed and is not queryable/i, LOST],
];

/** What to do about an error of the database; undefined for an unknown kind. */
export function findAdvice(error: unknown): Advice | undefined {
  const code = findErrorCode(error);
  if (code === "42501" && ROW_SECURITY_ROUTINES.has(findRoutine(error))) return ROW_SECURITY;
  if (code?.startsWith("42") === true && findFunction(error) !== undefined) return IN_FUNCTION;
  const known = code === undefined ? undefined : (BY_CODE[code] ?? BY_CLASS[code.slice(0, 2)]);
  return known ?? BY_TEXT.find(([text]) => messages(error).some((message) => text.test(message)))?.[1];
}

/** What to do if the tables could not be created, depending on the cause. */
export function adviseOnMigration(error: unknown, schema: string): string {
  const { fix, migrating } = findAdvice(error) ?? {};
  return (migrating ?? fix ?? "See the server's log, fix the error, and run again.").replace("{schema}", schema);
}

/** Whether the user lacks a privilege, and no function of the database is what needs it. */
export function lacksPrivilege(error: unknown): boolean {
  return findAdvice(error) === BY_CODE["42501"];
}

/** Whether the connection is lost, so that the outcome of a COMMIT in progress is not known. */
export function isLostConnection(error: unknown): boolean {
  return findAdvice(error)?.endsSession === true;
}

/**
 * Whether the whole transaction may be tried again at once: PostgreSQL asks for it, or the server ended the session.
 */
export function asksAgain(error: unknown): boolean {
  return findAdvice(error)?.passes === "at once";
}

/** Whether a try in a few minutes may succeed without help. */
export function passesByItself(error: unknown): boolean {
  return findAdvice(error)?.passes !== undefined;
}

function messages(error: unknown): string[] {
  const found: string[] = [];
  for (let link = error; types.isNativeError(link); link = link.cause) found.push(link.message);
  return found;
}
