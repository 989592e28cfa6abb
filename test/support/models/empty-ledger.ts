import { type Kysely, sql } from "kysely";
import type { Feed } from "../../../etl/core/contract/contract";
import type { Database } from "../../../etl/core/database/database";
import { migrate } from "../../../etl/core/database/migrate";
import { type FeedTables, feedMigrations } from "../../../etl/feeds/ledger/tables";
import { forget, LEDGER, MIGRATED } from "./feeds/feed-run";

/** A larger one is made again: what is deleted keeps its place. */
const MOST_BYTES = 1024 * 1024;

/** The ledger of each database as migrations left it. */
const made = new WeakMap<Kysely<FeedTables>, string>();

/**
 * Drops the table of a feed, and empties the ledger. Where something has altered the ledger or its migrations since they
 * were made, they are made again, which takes twenty times as long.
 */
export async function emptyLedger({ db }: Pick<Database<FeedTables>, "db">, feed: Feed): Promise<void> {
  const before = made.get(db);
  if (before !== undefined && (await stateOf(db)) === before) {
    const own = [feed.table, `millrace_migration_import_${feed.table}`];
    await sql`drop table if exists ${sql.join(own.map((each) => sql.table(each)))}`.execute(db);
    return deleteRows(db);
  }
  await forget({ db }, feed);
  await migrate(db, "import", feedMigrations);
  made.set(db, await stateOf(db));
}

/** Differs after each ALTER, GRANT or DROP: by the transactions that wrote the catalogue's rows. Empty for a large ledger. */
async function stateOf(db: Kysely<FeedTables>): Promise<string> {
  const { rows } = await sql<{ state: string | null; bytes: number }>`
    with ledger as (
      select oid from pg_class
      where relname = any(${[...LEDGER, ...MIGRATED]}::text[]) and relnamespace = to_regnamespace(quote_ident(current_schema()))
    ), parts as (
      select 'table', oid, 0, xmin::text from pg_class where oid in (table ledger)
      union all select 'column', attrelid, attnum, xmin::text from pg_attribute where attrelid in (table ledger)
      union all select 'default', oid, 0, xmin::text from pg_attrdef where adrelid in (table ledger)
      union all select 'constraint', oid, 0, xmin::text from pg_constraint where conrelid in (table ledger)
      union all select 'index', indexrelid, 0, xmin::text from pg_index where indrelid in (table ledger)
      union all select 'trigger', oid, 0, xmin::text from pg_trigger where tgrelid in (table ledger)
      union all select 'rule', oid, 0, xmin::text from pg_rewrite where ev_class in (table ledger)
      union all select 'policy', oid, 0, xmin::text from pg_policy where polrelid in (table ledger)
    )
    select md5(string_agg(parts::text, ',' order by parts::text)) as state,
      (select coalesce(sum(pg_table_size(oid)), 0)::float8 from ledger) as bytes
    from parts`.execute(db);
  const [{ state = null, bytes = 0 } = {}] = rows;
  if (state === null || bytes > MOST_BYTES) return "";
  const done = MIGRATED.map((table) => sql`select ${table} as owner, name, xmin::text as xid from ${sql.table(table)}`);
  const noted = await sql`${sql.join(done, sql` union all `)} order by 1, 2`.execute(db);
  return `${state} ${JSON.stringify(noted.rows)}`;
}

async function deleteRows(db: Kysely<FeedTables>): Promise<void> {
  const deletes = LEDGER.map((table) => sql`${sql.id(`of_${table}`)} as (delete from ${sql.table(table)})`);
  await sql`with ${sql.join(deletes)}
    select setval(pg_get_serial_sequence(attrelid::regclass::text, attname), 1, false) from pg_attribute
    where attidentity <> '' and attrelid = any(${LEDGER}::regclass[])`.execute(db);
}
