import { type RawBuilder, sql, type Transaction } from "kysely";
import { quoteTable } from "./table-habits";

/**
 * Columns of a table with the types below their domains: a domain's checks are constraints, too, and a stage has none.
 */
export async function selectPlain<DB>(
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
