import { types } from "node:util";
import { sql, type Transaction } from "kysely";
import { areSensitive } from "../../core/contract/column";
import type { Feed } from "../../core/contract/contract";
import { SOURCE_OFFSET } from "../../core/contract/schema/names";
import { findErrorCode } from "../../core/database/database";
import { DatabaseError } from "../../core/errors";
import { stage } from "../../core/load/stage";
import type { FeedTables } from "../ledger/tables";

/**
 * Integrity constraints, data refused by a domain or a trigger, and RAISE in a trigger (PostgreSQL manual, appendix A).
 */
const OF_A_ROW = /^(?:22|23|P0)/;
const offset = sql.id(SOURCE_OFFSET);

/** The table refuses a row that its contract accepts: the object is loaded after one of them is corrected. */
export class RefusedRowError extends DatabaseError {}

export interface Writing {
  readonly contract: Feed;
  /** The object's name in messages. */
  readonly source: string;
}

/**
 * Writes the stage. If the table refuses one of its rows (a check, a foreign key, a domain, a trigger), finds that row
 * by writing halves, then halves of halves, and undoing them: in all about the work of writing it twice.
 *
 * @param write writes the stage's rows
 * @throws RefusedRowError with constraint, key, object and byte
 */
export async function writeStage<Counts>(
  trx: Transaction<FeedTables>,
  writing: Writing,
  write: (isWhole: boolean) => Promise<Counts>,
): Promise<Counts> {
  await sql`savepoint millrace_write`.execute(trx);
  try {
    const counts = await write(true);
    await sql`set constraints all immediate`.execute(trx);
    return counts;
  } catch (error) {
    if (!OF_A_ROW.test(findErrorCode(error) ?? "")) throw error;
    await sql`rollback to savepoint millrace_write`.execute(trx);
    throw await explain(trx, writing, await findRefused(trx, error, () => write(false)));
  }
}

interface Refused {
  readonly error: unknown;
  /** Undefined if the table accepts each half separately. */
  readonly offset: number | undefined;
}

async function findRefused(
  trx: Transaction<FeedTables>,
  first: unknown,
  write: () => Promise<unknown>,
): Promise<Refused> {
  let error = first;
  let [low, high] = [0, Number.MAX_SAFE_INTEGER];
  for (;;) {
    const { rows } = await sql<{ middle: number; next: number | null }>`
      with millrace_middle as (select percentile_disc(0.5) within group (order by ${offset}) as millrace_at from ${stage}
        where ${offset} between ${low} and ${high})
      select millrace_at as middle, (select min(${offset}) from ${stage} where ${offset} > millrace_at and ${offset} <= ${high}) as next
      from millrace_middle`.execute(trx);
    const { middle = 0, next = null } = rows[0] ?? {};
    if (next === null) return { error, offset: middle };
    const below = await tryRows(trx, low, middle, write);
    const above = below === undefined ? await tryRows(trx, next, high, write) : undefined;
    error = below ?? above ?? error;
    if (below !== undefined) high = middle;
    else if (above !== undefined) low = next;
    else return { error, offset: undefined };
  }
}

/** @returns why the table refuses one of these rows */
async function tryRows(
  trx: Transaction<FeedTables>,
  low: number,
  high: number,
  write: () => Promise<unknown>,
): Promise<unknown> {
  await sql`savepoint millrace_half`.execute(trx);
  try {
    await sql`delete from ${stage} where ${offset} not between ${low} and ${high}`.execute(trx);
    await write();
    await sql`set constraints all immediate`.execute(trx);
    return undefined;
  } catch (error) {
    if (!OF_A_ROW.test(findErrorCode(error) ?? "")) throw error;
    return error;
  } finally {
    await sql`rollback to savepoint millrace_half`.execute(trx).catch(() => undefined);
  }
}

async function explain(
  trx: Transaction<FeedTables>,
  { contract, source }: Writing,
  { error, offset: at }: Refused,
): Promise<RefusedRowError> {
  const { constraint, message } = describe(error);
  const isSecret = areSensitive(contract.columns);
  const by = constraint === undefined ? "a trigger or a type of the table" : `the constraint ${constraint}`;
  return new RefusedRowError(`The table ${contract.table} refuses a row that its contract accepts, by ${by}`, {
    got: [at === undefined ? undefined : await describeKey(trx, contract, at), isSecret ? undefined : message]
      .filter((part) => part !== undefined)
      .join(": "),
    where: { source, offset: at },
    fix: "Correct the row in its object, let the contract reject such rows (min, max, oneOf, pattern), or change the table; then run again",
    // The database's own message contains the row.
    cause: isSecret ? undefined : error,
  });
}

async function describeKey(trx: Transaction<FeedTables>, { key, columns }: Feed, at: number): Promise<string> {
  const parts = sql.join(key.map((column) => sql`${sql.id(column)}::text`));
  const { rows } = await sql<{ key: readonly string[] }>`
    select array[${parts}] as key from ${stage} where ${offset} = ${at}`.execute(trx);
  const values = rows[0]?.key ?? [];
  return key
    .map((column, index) => `${column} = ${columns[column]?.sensitive === true ? "not shown" : values[index]}`)
    .join(", ");
}

function describe(error: unknown): { readonly constraint: string | undefined; readonly message: string | undefined } {
  let [constraint, message]: (string | undefined)[] = [];
  for (let link = error; types.isNativeError(link); link = link.cause) {
    if ("constraint" in link && typeof link.constraint === "string") constraint ??= link.constraint;
    message = link.message;
  }
  return { constraint, message };
}
