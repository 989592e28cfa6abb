import { types } from "node:util";
import { findErrorCode } from "../core/database";
import { DatabaseError, MillraceError } from "../core/errors";

/** How a database is named to a person: no user, no password. */
export interface DatabaseName {
  /** `host:port` or a folder. */
  readonly place: string;
  readonly database?: string;
}

interface Advice {
  readonly headline: string;
  readonly fix: string;
}

const TLS_UNTRUSTED: Advice = {
  headline: "the database's TLS certificate is not trusted",
  fix: "Name the certificate authority by sslrootcert in the URL (for Amazon RDS its certificate bundle), or correct the host name.",
};
const LOST: Advice = {
  headline: "the connection to the database was lost",
  fix: "Nothing of the open transaction was kept. Run again; see the server's log when it happens often.",
};
const UNREACHABLE: Advice = {
  headline: "the database's host does not answer",
  fix: "Check host and port of the database URL, security groups and routes.",
};

/** By SQLSTATE (PostgreSQL manual, appendix A), by errno, or by what Node's TLS calls it. */
const ADVICE: Readonly<Record<string, Advice>> = {
  "28P01": { headline: "the database refused the password", fix: "Check user and password of the database URL." },
  "28000": {
    headline: "the database refused the login",
    fix: "Check the user, and whether pg_hba.conf asks for TLS (sslmode=verify-full).",
  },
  "3D000": { headline: "the database does not exist", fix: "Correct its name in the URL, or create it (createdb)." },
  "42501": { headline: "the user may not do this in the database", fix: "Grant the privilege, or use another user." },
  "53300": { headline: "the database has no free connection", fix: "Wait, or raise max_connections." },
  "53100": { headline: "the database's disk is full", fix: "Free or add space." },
  "55P03": { headline: "a lock of the database was not free in time", fix: "Wait for the other run, then run again." },
  "57014": { headline: "the database cancelled the statement", fix: "Raise statement_timeout, or run again." },
  "57P01": LOST,
  "57P02": LOST,
  "57P03": { headline: "the database is starting or stopping", fix: "Run again in a moment." },
  "40001": { headline: "the database could not serialize the transaction", fix: "Run again." },
  "40P01": { headline: "the transaction was in a deadlock", fix: "Run again." },
  ECONNREFUSED: {
    headline: "nothing listens at the database's address",
    fix: "Start the server, or correct host and port of the database URL.",
  },
  ENOTFOUND: { headline: "the database's host name is unknown", fix: "Correct the host in the database URL." },
  EAI_AGAIN: { headline: "the database's host name could not be looked up", fix: "Check the network, then run again." },
  ENOENT: { headline: "the database's socket is not there", fix: "Start the server, or correct host and port." },
  ETIMEDOUT: UNREACHABLE,
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
const ADVICE_BY_CLASS: Readonly<Record<string, Advice>> = {
  "08": LOST,
  "22": {
    headline: "a value does not fit its column",
    fix: "Let the contract of the source reject such rows before the load.",
  },
  "23": {
    headline: "a record breaks a constraint of its table",
    fix: "Let the contract of the source reject such rows, or change the constraint.",
  },
};

/** What pg reports without a code. */
const ADVICE_BY_TEXT: readonly (readonly [RegExp, Advice])[] = [
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

/** What an engine threw as a {@link DatabaseError} that says what to do; what is ours already stays as it is. */
export function explainDatabaseError(error: unknown, { place, database }: DatabaseName): MillraceError {
  if (error instanceof MillraceError) return error;
  const advice = findAdvice(error);
  const where = { source: database === undefined ? place : `database ${database} at ${place}` };
  return new DatabaseError(advice?.headline ?? "the database refused a statement", {
    got: describe(error),
    where,
    fix: advice?.fix,
    cause: error,
  });
}

function findAdvice(error: unknown): Advice | undefined {
  const code = findErrorCode(error);
  const known = code === undefined ? undefined : (ADVICE[code] ?? ADVICE_BY_CLASS[code.slice(0, 2)]);
  return known ?? ADVICE_BY_TEXT.find(([text]) => types.isNativeError(error) && text.test(error.message))?.[1];
}

/** PostgreSQL's own words with its detail and its context (`COPY …, line 2, column a`) where it gives them. */
function describe(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const parts = ["detail" in error ? error.detail : undefined, "where" in error ? error.where : undefined];
  const text = error.message === "" ? (findErrorCode(error) ?? error.name) : error.message;
  return [text, ...parts.filter((part) => typeof part === "string" && part !== "")].join("; ");
}
