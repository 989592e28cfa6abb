import { types } from "node:util";
import { areSensitive } from "../../../core/contract/column";
import type { Feed } from "../../../core/contract/contract";
import { asksAgain, findAdvice, isLostConnection } from "../../../core/database/advice";
import { findErrorCode, findFunction } from "../../../core/database/database";
import { DatabaseError } from "../../../core/errors";

/** The table refuses a row that its contract accepts: the object is loaded after one of them is corrected. */
export class RefusedRowError extends DatabaseError {}

export interface Writing {
  readonly contract: Feed;
  /** The object's name in messages. */
  readonly source: string;
  /** Names of the table's triggers. */
  readonly triggers: readonly string[];
}

export interface Refused {
  readonly error: unknown;
  /** Undefined if only several rows together are refused. */
  readonly offset?: number;
  /** The row's values of the key. */
  readonly key?: readonly string[];
  /** The first and the last of those rows. */
  readonly between?: readonly [number, number];
}

/** PostgreSQL's word for two rows with one key in an upsert. The stage has each key once. */
const ONE_KEY_TWICE = "21000";
const TOO_LARGE = "54000";
const OF_FUNCTION = "42";
const MOST_SHOWN = 60;

export function explainRefused(
  { contract, source, triggers }: Writing,
  { error, offset, key, between }: Refused,
): RefusedRowError {
  const isSecret = areSensitive(contract.columns);
  const { constraint, message } = describe(error);
  const row = key === undefined ? undefined : describeKey(contract, key);
  const rows = between && `rows from byte ${between[0]} to byte ${between[1]}, which it accepts in two halves`;
  const words = [message, findFunction(error)].filter((part) => part !== undefined).join("; ");
  return new RefusedRowError(
    `The table ${contract.table} refuses a row that its contract accepts, by ${refuser(error, constraint, triggers)}`,
    {
      got: [row ?? rows, isSecret ? undefined : words].filter((part) => part !== undefined).join(": "),
      where: { source, offset },
      fix: fixOf(error),
      // The database's own message contains the row. Nor may a trigger's SQLSTATE have the object tried again.
      cause: isSecret || asksAgain(error) || isLostConnection(error) ? undefined : error,
    },
  );
}

function refuser(error: unknown, constraint: string | undefined, triggers: readonly string[]): string {
  const code = findErrorCode(error) ?? "";
  const isOurs = findFunction(error) === undefined;
  if (code === TOO_LARGE && isOurs) {
    return constraint === undefined ? "a limit of PostgreSQL's" : `PostgreSQL's limit for the index ${constraint}`;
  }
  if (code === ONE_KEY_TWICE && isOurs) return `a trigger that gives it another row's key${among(triggers)}`;
  return constraint === undefined ? "a trigger or a type of the table" : `the constraint ${constraint}`;
}

function among(triggers: readonly string[]): string {
  return triggers.length === 0 ? "" : ` (its triggers: ${triggers.join(", ")})`;
}

function fixOf(error: unknown): string {
  const code = findErrorCode(error) ?? "";
  const isOurs = findFunction(error) === undefined;
  if (code === TOO_LARGE || (code.startsWith(OF_FUNCTION) && !isOurs)) {
    return `${findAdvice(error)?.fix ?? ""} Then run again`;
  }
  if (code === ONE_KEY_TWICE && isOurs) return "Let the trigger leave the key as it is; then run again";
  return "Correct the row in its object, let the contract reject such rows (min, max, oneOf, pattern), or change the table; then run again";
}

function describeKey({ key, columns }: Feed, values: readonly string[]): string {
  const shown = (column: string, value = "") => {
    if (columns[column]?.sensitive === true) return "not shown";
    return value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}…` : value;
  };
  return key.map((column, index) => `${column} = ${shown(column, values[index])}`).join(", ");
}

function describe(error: unknown): { readonly constraint: string | undefined; readonly message: string | undefined } {
  let [constraint, message]: (string | undefined)[] = [];
  for (let link = error; types.isNativeError(link); link = link.cause) {
    if ("constraint" in link && typeof link.constraint === "string") constraint ??= link.constraint;
    message = link.message;
  }
  return { constraint, message };
}
