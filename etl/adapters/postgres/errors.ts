import { types } from "node:util";
import { findAdvice } from "../../core/database/advice";
import { findErrorCode } from "../../core/database/database";
import { DatabaseError, MillraceError } from "../../core/errors";

/** A database's name in messages: without user and password. */
export interface DatabaseName {
  /** `host:port` or a folder. */
  readonly place: string;
  readonly database?: string;
}

/** An engine's error as a {@link DatabaseError} that says what to do; our own errors are unchanged. */
export function explainDatabaseError(error: unknown, name: DatabaseName): MillraceError {
  if (error instanceof MillraceError) return error;
  const advice = findAdvice(error);
  return new DatabaseError(advice?.headline ?? "the database refused a statement", {
    got: describe(error),
    where: placeOf(name),
    fix: advice?.fix,
    cause: error,
  });
}

export function placeOf({ place, database }: DatabaseName): { readonly source: string } {
  return { source: database === undefined ? place : `database ${database} at ${place}` };
}

/** PostgreSQL's own message with its detail and context (`COPY …, line 2, column a`), if given. */
function describe(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const parts = ["detail" in error ? error.detail : undefined, "where" in error ? error.where : undefined];
  const text = error.message === "" ? (findErrorCode(error) ?? error.name) : error.message;
  return [text, ...parts.filter((part) => typeof part === "string" && part !== "")].join("; ");
}
