import { types } from "node:util";
import { DatabaseError, MillraceError } from "../errors";
import { findAdvice } from "./advice";
import { isSqlState } from "./database";
import { CommitUnknownError } from "./transaction";

/** The names in a PostgreSQL error besides its message: none is a row's value. */
const NAMES = ["schema", "table", "column", "dataType", "constraint"] as const;

/**
 * A failure of the database without PostgreSQL's message: message, detail and context quote values of rows and lines of
 * a COPY. Its SQLSTATE stays, and the names of table, column, type and constraint. Any other error stays as it is.
 */
export function withoutValues(error: unknown): unknown {
  const said = findSaid(error);
  if (said === undefined) return error;
  if (error instanceof CommitUnknownError) return new CommitUnknownError(error.kept, withoutValues(error.cause));
  const cause = new SilentError(said);
  const advice = findAdvice(cause);
  return new DatabaseError(advice?.headline ?? "the database refused a statement", {
    got: `${cause.message}; PostgreSQL's own words are not shown, as the contract has sensitive columns`,
    where: error instanceof MillraceError ? error.details.where : undefined,
    fix: advice?.fix,
    cause,
  });
}

type Said = Error & { readonly code: string };

/** The server's error, in the chain of causes. */
function findSaid(error: unknown): Said | undefined {
  for (let link = error; types.isNativeError(link); link = link.cause) {
    if ("code" in link && isSqlState(link.code)) return link as Said;
  }
  return undefined;
}

class SilentError extends Error {
  override readonly name = "PostgresError";
  readonly code: string;
  readonly routine: unknown;

  constructor(said: Said) {
    const names = NAMES.flatMap((name) => {
      const value: unknown = Reflect.get(said, name);
      return typeof value === "string" ? [`${name === "dataType" ? "type" : name} ${value}`] : [];
    });
    super([`SQLSTATE ${said.code}`, ...names].join(", "));
    this.code = said.code;
    this.routine = Reflect.get(said, "routine");
  }
}
