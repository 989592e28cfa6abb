import { type Kysely, sql } from "kysely";
import type { CoreTables } from "../../core/database/tables";
import { quoteTable } from "../../core/load/table-habits";

/** How a page can use a column's values. */
export type ColumnKind = "number" | "day" | "moment" | "other";

export interface TableColumn {
  readonly name: string;
  /** PostgreSQL's name of its type; for a domain, of the type below it: `int8`, `timestamptz`. */
  readonly type: string;
  readonly kind: ColumnKind;
  readonly isKey: boolean;
  /**
   * A number that identifies something: a key, a reference, a serial number, a row's origin. Its sum has no meaning.
   */
  readonly isName: boolean;
}

export interface TableShape {
  readonly schema: string;
  readonly table: string;
  /** PostgreSQL's own estimate; undefined if it has none yet. */
  readonly estimatedRows?: number;
  /** In the order of the table; only those that the present user may read. */
  readonly columns: readonly TableColumn[];
}

/** Columns for the object and the byte that a feed's row came from. */
const ORIGIN = ["source_object", "source_offset"];

const KINDS: Readonly<Record<string, ColumnKind>> = {
  ...{ int2: "number", int4: "number", int8: "number", numeric: "number", float4: "number", float8: "number" },
  ...{ date: "day", timestamp: "moment", timestamptz: "moment" },
};

/**
 * A table's entry in PostgreSQL's catalogue.
 *
 * @param name `table` or `schema.table`
 * @returns undefined if there is no such table
 */
export async function findTable(db: Kysely<CoreTables>, name: string): Promise<TableShape | undefined> {
  // A pipeline's name may be invalid for a table; PostgreSQL fails for such a name, instead of not finding it.
  if (!/^[^.]+(\.[^.]+)?$/.test(name)) return undefined;
  const { rows } = await sql<{ schema: string; table: string; rows: number; oid: string }>`
    select n.nspname::text as schema, c.relname::text as "table", c.reltuples::float8 as rows, c.oid::text as oid
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = to_regclass(${quoteTable(name)})`.execute(
    db,
  );
  const [found] = rows;
  if (found === undefined) return undefined;
  const { schema, table, oid } = found;
  const columns = await findColumns(db, oid);
  return { schema, table, columns, ...(found.rows > 0 && { estimatedRows: Math.round(found.rows) }) };
}

async function findColumns(db: Kysely<CoreTables>, oid: string): Promise<readonly TableColumn[]> {
  const { rows } = await sql<Omit<TableColumn, "kind">>`
    select a.attname::text as name, b.typname::text as type,
      coalesce(a.attnum = any(i.indkey), false) as "isKey",
      coalesce(a.attnum = any(i.indkey), false) or a.attidentity <> '' or a.attname ~* '(^|_)id$'
        or a.attname in (${sql.join(ORIGIN)}) or exists (
        select from pg_constraint f where f.conrelid = a.attrelid and f.contype = 'f' and a.attnum = any(f.conkey)
      ) as "isName"
    from pg_attribute a join pg_type t on t.oid = a.atttypid
      join pg_type b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
      left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
    where a.attrelid = ${oid}::oid and a.attnum > 0 and not a.attisdropped
      and has_column_privilege(a.attrelid, a.attnum, 'SELECT')
    order by a.attnum`.execute(db);
  return rows.map((column) => ({ ...column, kind: KINDS[column.type] ?? "other" }));
}
