import { type RawBuilder, sql, type Transaction } from "kysely";
import type { CopyRows } from "../database";
import type { KeyColumnType } from "./key-order";

const STAGE = "millrace_stage";

/** The stage in SQL. */
export const stage: RawBuilder<unknown> = sql.id(STAGE);

/** `"a", "b"`, each prefixed with the alias where one is given. */
export function listColumns(columns: readonly string[], alias?: string): RawBuilder<unknown> {
  return sql.join(columns.map((column) => (alias === undefined ? sql.id(column) : sql.id(alias, column))));
}

/**
 * Makes an empty temporary table with the target's types for these columns, and without its constraints: those are
 * checked when the target is written. It ends with the transaction. @returns each column's type.
 */
export async function createStage<DB>(
  trx: Transaction<DB>,
  table: string,
  columns: readonly string[],
): Promise<ReadonlyMap<string, KeyColumnType>> {
  await sql`create temporary table ${stage} on commit drop as
    select ${listColumns(columns)} from ${sql.table(table)} with no data`.execute(trx);
  const { rows } = await sql<KeyColumnType & { column: string }>`
    select a.attname as column, t.typname as type, coalesce(c.collisdeterministic, true) as deterministic
    from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_collation c on c.oid = a.attcollation
    where a.attrelid = ${STAGE}::regclass and a.attnum > 0`.execute(trx);
  return new Map(rows.map(({ column, ...type }) => [column, type]));
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

/** Keeps of each key the row that was copied last. A fresh heap is filled in order, so `ctid` is that order. */
export async function dropDuplicates<DB>(trx: Transaction<DB>, key: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${stage} as s
    using (select ${listColumns(key)}, max(ctid) as last from ${stage} group by ${listColumns(key)} having count(*) > 1) as d
    where ${sameKey(key, "s", "d")} and s.ctid < d.last`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

export async function dropStage<DB>(trx: Transaction<DB>): Promise<void> {
  await sql`drop table ${stage}`.execute(trx);
}

/** `s.a = t.a and s.b = t.b`; a key holds no NULL. */
export function sameKey(key: readonly string[], left: string, right: string): RawBuilder<unknown> {
  return sql.join(
    key.map((column) => sql`${sql.id(left, column)} = ${sql.id(right, column)}`),
    sql` and `,
  );
}
