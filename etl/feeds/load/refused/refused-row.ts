import { sql, type Transaction } from "kysely";
import type { Feed } from "../../../core/contract/contract";
import { SOURCE_OFFSET } from "../../../core/contract/schema/names";
import { asksAgain, isLostConnection } from "../../../core/database/advice";
import { stage } from "../../../core/load/stage";
import type { FeedTables } from "../../ledger/tables";
import { explainRefused, type Refused, type Writing } from "./explain-refused";
import { isOfARow } from "./of-a-row";

const offset = sql.id(SOURCE_OFFSET);
const WHOLE = [0, Number.MAX_SAFE_INTEGER] as const;

/**
 * Writes the stage. If the table refuses one of its rows (a check, a foreign key, a domain, a trigger, a limit of size),
 * finds that row by writing halves, then halves of halves, and undoing them: in all about the work of writing it twice.
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
    if (!isOfARow(error)) throw error;
    await sql`rollback to savepoint millrace_write`.execute(trx);
    // The RAISE of a trigger may ask for another try: only a row that is refused each time is at fault.
    const mayPass = asksAgain(error) || isLostConnection(error);
    const part = () => write(false);
    if (mayPass && (await tryRows(trx, ...WHOLE, part)) === undefined) throw error;
    const refused = await findRefused(trx, writing, error, part);
    if (mayPass && refused.offset === undefined) throw error;
    throw explainRefused(writing, refused);
  }
}

async function findRefused(
  trx: Transaction<FeedTables>,
  { contract }: Writing,
  first: unknown,
  write: () => Promise<unknown>,
): Promise<Refused> {
  let error = first;
  let [low, high]: [number, number] = [...WHOLE];
  for (;;) {
    const { rows } = await sql<{ middle: number; next: number | null; first: number; last: number }>`
      with millrace_middle as (
        select percentile_disc(0.5) within group (order by ${offset}) as millrace_at, min(${offset}) as first, max(${offset}) as last
        from ${stage} where ${offset} between ${low} and ${high})
      select millrace_at as middle, first, last,
        (select min(${offset}) from ${stage} where ${offset} > millrace_at and ${offset} <= ${high}) as next
      from millrace_middle`.execute(trx);
    const { middle = 0, next = null, first: from = 0, last: to = 0 } = rows[0] ?? {};
    if (next === null) return { error, offset: middle, key: await readKey(trx, contract, middle) };
    const below = await tryRows(trx, low, middle, write);
    const above = below === undefined ? await tryRows(trx, next, high, write) : undefined;
    error = below ?? above ?? error;
    if (below !== undefined) high = middle;
    else if (above !== undefined) low = next;
    else return { error, between: [from, to] };
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
    if (!isOfARow(error)) throw error;
    return error;
  } finally {
    await sql`rollback to savepoint millrace_half`.execute(trx).catch(() => undefined);
  }
}

/** The values of a staged row's key. */
async function readKey(trx: Transaction<FeedTables>, { key }: Feed, at: number): Promise<readonly string[]> {
  const parts = sql.join(key.map((column) => sql`${sql.id(column)}::text`));
  const { rows } = await sql<{ key: readonly string[] }>`
    select array[${parts}] as key from ${stage} where ${offset} = ${at}`.execute(trx);
  return rows[0]?.key ?? [];
}
