import { type RawBuilder, sql, type Transaction } from "kysely";
import type { CopyRows } from "../database/database";
import type { KeyColumnType } from "./key-order";
import { quoteTable } from "./table-habits";

const STAGE = "millrace_stage";

/**
 * Memory for the sorts and hashes of a load, unless the server grants more. PostgreSQL gives a hash twice this much;
 * larger ones use temporary files.
 */
const WORK_MEM = "64MB";

/** Names of collations that order text by its code points. */
const BYTEWISE = sql.lit("^(C|POSIX)($|[.])");

/** The database's collation; PostgreSQL reports its provider since version 15. */
const databaseIsBytewise = sql`select d.datcollate ~ ${BYTEWISE} and coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') = 'c'
  from pg_database as d where d.datname = current_database()`;

/** The target of a load: the table, its natural key and the columns that depend on the key. */
export interface UpsertTarget {
  readonly table: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

/** The stage in SQL. */
export const stage: RawBuilder<unknown> = sql.id(STAGE);

/** `"a", "b"`, each prefixed with the alias, if given. */
export function listColumns(columns: readonly string[], alias?: string): RawBuilder<unknown> {
  return sql.join(columns.map((column) => (alias === undefined ? sql.id(column) : sql.id(alias, column))));
}

/**
 * Creates an empty temporary table with the target's types for these columns, and without its constraints, which are
 * checked when the target is written. It ends with the transaction. @returns each column's type.
 */
export async function createStage<DB>(
  trx: Transaction<DB>,
  table: string,
  columns: readonly string[],
): Promise<ReadonlyMap<string, KeyColumnType>> {
  await sql`create temporary table ${stage} on commit drop as
    select ${await selectPlain(trx, table, columns)} from ${sql.table(table)} with no data`.execute(trx);
  const { rows } = await sql<KeyColumnType & { column: string }>`
    select a.attname as column, t.typname as type, coalesce(c.collisdeterministic, true) as deterministic,
      case when a.attcollation = 0 then true
        when c.collprovider = 'd' then (${databaseIsBytewise})
        else c.collprovider = 'c' and c.collcollate ~ ${BYTEWISE} end as bytewise
    from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_collation c on c.oid = a.attcollation
    where a.attrelid = ${STAGE}::regclass and a.attnum > 0`.execute(trx);
  return new Map(rows.map(({ column, ...type }) => [column, type]));
}

/** Columns of a table with the types below their domains: a domain's checks are constraints, too, and a stage has none. */
async function selectPlain<DB>(
  trx: Transaction<DB>,
  table: string,
  columns: readonly string[],
): Promise<RawBuilder<unknown>> {
  const below = await findDomains(trx, table);
  const typed = columns.map((column) => {
    const type = below.get(column);
    return type === undefined ? sql.id(column) : sql`${sql.id(column)}::${sql.raw(type)} as ${sql.id(column)}`;
  });
  return sql.join(typed);
}

async function findDomains<DB>(trx: Transaction<DB>, table: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ column: string; type: string }>`
    with recursive chain (name, type, mod) as (
      select attname, atttypid, atttypmod from pg_attribute join pg_type on pg_type.oid = atttypid
        where attrelid = to_regclass(${quoteTable(table)}) and attnum > 0 and typtype = 'd'
      union all
      select name, typbasetype, typtypmod from chain join pg_type on pg_type.oid = chain.type where typtype = 'd'
    )
    select name as column, format_type(chain.type, mod) as type from chain join pg_type on pg_type.oid = chain.type
    where typtype <> 'd'`.execute(trx);
  return new Map(rows.map(({ column, type }) => [column, type]));
}

/**
 * For the rest of the transaction: memory for sorts and hashes, and no compiled queries. Compilation is meant for
 * reports: for a load it costs PostgreSQL a fifth of a second, and gains nothing.
 */
export async function tuneForLoad<DB>(trx: Transaction<DB>): Promise<void> {
  await sql`select set_config('jit', 'off', true), set_config('work_mem',
    case when pg_size_bytes(current_setting('work_mem')) < pg_size_bytes(${WORK_MEM}) then ${WORK_MEM}
      else current_setting('work_mem') end, true)`.execute(trx);
}

/**
 * Gives the planner the number of the stage's rows and of its distinct keys. A sample of 3,000 rows is enough for that.
 */
export async function analyzeStage<DB>(trx: Transaction<DB>, key: readonly string[]): Promise<void> {
  await sql`select set_config('default_statistics_target', '10', true)`.execute(trx);
  await sql`analyze ${stage} (${listColumns(key)})`.execute(trx);
}

/** Copies rows into the stage, in the columns' order, by one COPY statement of the caller's transaction. */
export async function copyIntoStage<DB>(
  trx: Transaction<DB>,
  columns: readonly string[],
  rows: CopyRows,
): Promise<void> {
  const statement = sql`copy ${stage} (${listColumns(columns)}) from stdin`.compile(trx);
  await trx.executeQuery({ ...statement, parameters: [rows] });
}

/** The size of the stage. */
export async function countPages<DB>(trx: Transaction<DB>): Promise<number> {
  const { rows } = await sql<{ pages: number }>`
    select pg_relation_size(${STAGE}::regclass) / current_setting('block_size')::int as pages`.execute(trx);
  return rows[0]?.pages ?? 0;
}

/** Keeps only the last copied row of each key. A new heap is filled in order, so `ctid` is that order. */
export async function dropDuplicates<DB>(trx: Transaction<DB>, key: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${stage} as s
    using (select ${listColumns(key)}, max(ctid) as millrace_last from ${stage} group by ${listColumns(key)} having count(*) > 1) as d
    where ${sameKey(key, "s", "d")} and s.ctid < d.millrace_last`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/**
 * Puts the stage's rows in the order of their keys, and keeps only the last copied row of each key.
 *
 * @returns the number of rows that it took away
 */
export async function sortStage<DB>(trx: Transaction<DB>, key: readonly string[], rows: number): Promise<number> {
  const sorted = sql.id("millrace_sorted");
  await sql`create temporary table ${sorted} (like ${stage}) on commit drop`.execute(trx);
  const { numAffectedRows } = await sql`
    insert into ${sorted} select distinct on (${listColumns(key)}) * from ${stage}
    order by ${listColumns(key)}, ctid desc`.execute(trx);
  await dropStage(trx);
  await sql`alter table ${sorted} rename to ${stage}`.execute(trx);
  return rows - Number(numAffectedRows ?? rows);
}

export async function dropStage<DB>(trx: Transaction<DB>): Promise<void> {
  await sql`drop table ${stage}`.execute(trx);
}

/**
 * Whether the two sides differ in one of these columns; NULL is a value here. Without columns, they are equal.
 *
 * Column by column, which PostgreSQL's parser turns into one flat list: a comparison of rows becomes as many nested
 * ORs, for which PGlite's stack is too small from about 500 columns on.
 */
export function differIn(columns: readonly string[], left: string, right: string): RawBuilder<unknown> {
  if (columns.length === 0) return sql`false`;
  const parts = columns.map((column) => sql`${sql.id(left, column)} is distinct from ${sql.id(right, column)}`);
  return sql`(${sql.join(parts, sql` or `)})`;
}

/** `s.a = t.a and s.b = t.b`; a key holds no NULL. */
export function sameKey(key: readonly string[], left: string, right: string): RawBuilder<unknown> {
  return sql.join(
    key.map((column) => sql`${sql.id(left, column)} = ${sql.id(right, column)}`),
    sql` and `,
  );
}

/**
 * Whether an outer join found no row of this side: a key holds no NULL. Not by `ctid`: if a query names it, PostgreSQL
 * copies each row value by value into the hash, which takes a third longer.
 */
export function isMissing(key: readonly string[], side: string): RawBuilder<unknown> {
  return sql`${sql.id(side, key[0] ?? "")} is null`;
}
