import { type Kysely, sql, type Transaction } from "kysely";
import { quoteTable } from "../load/table-habits";
import { isLostConnection } from "./advice";
import { AS_OF } from "./migrations/as-of";
import { inTransaction } from "./transaction";

/** The comment by which a function of ours is known, with the columns that it returns. */
const OURS = "millrace: ";

interface Found {
  readonly columns: string;
  readonly comment: string | null;
  readonly exists: boolean;
}

/**
 * Makes the function `TABLE_as_of(timestamptz)`: the table as it was. It names the table's columns and not its type, as nobody could drop the table
 * then; so it is made again when there are other columns. Somebody else's function of that name stays, and a failure changes no run.
 */
export async function makeAsOf<Tables>(db: Kysely<Tables>, table: string): Promise<void> {
  const name = nameOf(table);
  if (name === undefined || (await isMade(db, table, name))) return;
  try {
    await inTransaction(db, "the function was made if so", async (trx: Transaction<Tables>) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`millrace function ${name}`}, 0))`.execute(trx);
      if (!(await isMade(trx, table, name))) await make(trx, table, name);
    });
  } catch (error) {
    if (isLostConnection(error)) throw error;
  }
}

/** The same within a migration. */
export async function makeAsOfHere<Tables>(db: Kysely<Tables>, table: string): Promise<void> {
  const name = nameOf(table);
  if (name !== undefined && !(await isMade(db, table, name))) await make(db, table, name);
}

/**
 * What an import lacks: the functions. Its rows were written by nobody's load, so which load wrote them is forgotten: an undo takes them for changed
 * by somebody else.
 */
export async function restoreHistory<Tables>(db: Kysely<Tables>): Promise<void> {
  const { rows: found } = await sql<{
    there: boolean;
  }>`select to_regclass('load_history') is not null as there`.execute(db);
  if (found[0]?.there !== true) return;
  for (const statement of AS_OF) await sql.raw(statement).execute(db);
  await sql`update load_history set xid = null`.execute(db);
  const { rows } = await sql<{
    table: string;
  }>`select distinct table_name as "table" from load_history order by 1`.execute(db);
  for (const { table } of rows) await makeAsOfHere(db, table);
}

/** Quoted; undefined where PostgreSQL would cut it. */
function nameOf(table: string): string | undefined {
  const name = `${table}_as_of`;
  return Buffer.byteLength(name.split(".").at(-1) ?? "") > 63 ? undefined : quoteTable(name);
}

async function isMade<Tables>(db: Kysely<Tables>, table: string, name: string): Promise<boolean> {
  const found = await find(db, table, name);
  if (found === undefined) return true;
  if (!found.exists) return false;
  return found.comment === `${OURS}${found.columns}` || found.comment?.startsWith(OURS) !== true;
}

async function find<Tables>(db: Kysely<Tables>, table: string, name: string): Promise<Found | undefined> {
  const { rows } = await sql<Found>`
    select (select string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' order by attnum)
        from pg_attribute where attrelid = to_regclass(${quoteTable(table)}) and attnum > 0 and not attisdropped) as columns,
      to_regprocedure(${`${name}(timestamptz)`}) is not null as exists,
      obj_description(to_regprocedure(${`${name}(timestamptz)`}), 'pg_proc') as comment
    where to_regclass(${quoteTable(table)}) is not null`.execute(db);
  return rows[0];
}

async function make<Tables>(db: Kysely<Tables>, table: string, name: string): Promise<void> {
  const found = await find(db, table, name);
  if (found === undefined) return;
  const own = sql.raw(name);
  await sql`drop function if exists ${own}(timestamptz)`.execute(db);
  await sql`create function ${own}(millrace_at timestamptz) returns table (${sql.raw(found.columns)}) language sql stable
    set search_path from current as ${sql.lit(`select * from millrace_as_of(null::${quoteTable(table)}, millrace_at)`)}`.execute(
    db,
  );
  await sql`comment on function ${own}(timestamptz) is ${sql.lit(`${OURS}${found.columns}`)}`.execute(db);
}
