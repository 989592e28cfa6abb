import { types } from "node:util";
import type { Kysely } from "kysely";
import { DatabaseError } from "../errors";

/**
 * An open database: one connection, whichever engine is behind it. `int8` and `count()` come as JS numbers (a value
 * beyond 2^53-1 is an error, never a rounded number), `date` as `YYYY-MM-DD`, `timestamptz` as Date, `numeric` as
 * string. Its failures are a {@link DatabaseError}.
 *
 * Since there is one connection, code inside a transaction must use the transaction: a query through `db` waits for its
 * end.
 */
export interface Database<Tables> {
  readonly db: Kysely<Tables>;
  close(): Promise<void>;
  /** Opens another connection to the same database, if this one was lost. An engine inside this process has none. */
  readonly reopen?: () => Promise<Database<Tables>>;
}

/** Rows in COPY's text format. Each buffer ends at the end of a row, so that an adapter may cut between any two. */
export type CopyRows = AsyncIterable<Buffer>;

/**
 * The rows of a `COPY … FROM STDIN` statement, or undefined for any other statement. Both adapters run such a
 * statement, whose one parameter is {@link CopyRows}, in the transaction that Kysely runs it in.
 */
export function findCopyRows(parameters: readonly unknown[] | undefined): CopyRows | undefined {
  const [rows] = parameters ?? [];
  return isAsyncIterable(rows) ? rows : undefined;
}

function isAsyncIterable(value: unknown): value is CopyRows {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/**
 * The SQLSTATE (five characters, PostgreSQL manual, appendix A) or errno name (`ECONNREFUSED`) of a failure, searched
 * along the chain of causes.
 */
export function findErrorCode(error: unknown): string | undefined {
  for (let link = error; types.isNativeError(link); link = link.cause) {
    if ("code" in link && typeof link.code === "string") return link.code;
  }
  return undefined;
}

/** A line of a context such as `PL/pgSQL function note_it() line 3 at SQL statement`, in whatever language. */
const IN_FUNCTION = /^(?:\p{L}+ )?PL\/\w+.*$/mu;

/** The place in a function of the database (a trigger's, nearly always) that an error comes from, if it does. */
export function findFunction(error: unknown): string | undefined {
  for (let link = error; types.isNativeError(link); link = link.cause) {
    if ("where" in link && typeof link.where === "string") return IN_FUNCTION.exec(link.where)?.[0];
  }
  return undefined;
}

/** Where in the server an error was raised: `exec_stmt_raise` for a RAISE of a function. */
export function findRoutine(error: unknown): unknown {
  for (let link = error; types.isNativeError(link); link = link.cause) if ("routine" in link) return link.routine;
  return undefined;
}

/** Whether an error's code is a SQLSTATE: the names of errno have no digit. */
export function isSqlState(code: unknown): boolean {
  return typeof code === "string" && /^(?=.*\d)[0-9A-Z]{5}$/.test(code);
}

/** A count or `int8` in its text form as a number. @throws DatabaseError beyond 2^53-1, where numbers would round. */
export function parseInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new DatabaseError("a bigint does not fit a number", {
    got: text,
    expected: `at most ${Number.MAX_SAFE_INTEGER}`,
    fix: "Select it as text.",
  });
}
