import { sql, type Transaction } from "kysely";
import { DatabaseError } from "../errors";
import type { TableShape } from "./manifest";

/** The tables of the schema in force, and what it has beside them. @throws DatabaseError for what could not be restored as it is */
export async function readTableShapes(
  db: Transaction<unknown>,
): Promise<{ readonly tables: readonly TableShape[]; readonly without: readonly string[] }> {
  await refuseOthers(db);
  const { rows } = await sql<TableShape>`
    select t.relname as name,
      (select jsonb_agg(jsonb_build_object('name', attname, 'type', format_type(atttypid, atttypmod), 'notNull', attnotnull,
          'default', pg_get_expr(d.adbin, d.adrelid),
          'identity', case attidentity when 'a' then 'always' when 'd' then 'by default' end,
          'lastValue', case when attidentity <> '' then pg_sequence_last_value(
            pg_get_serial_sequence(quote_ident(t.relname), attname)::regclass)::text end) order by attnum)
        from pg_attribute left join pg_attrdef d on d.adrelid = attrelid and d.adnum = attnum
        where attrelid = t.oid and attnum > 0 and not attisdropped) as columns,
      coalesce((select jsonb_agg(jsonb_build_object('name', conname, 'definition', pg_get_constraintdef(c.oid, true),
          'isForeignKey', contype = 'f') order by contype = 'f', contype <> 'p', conname)
        from pg_constraint c where conrelid = t.oid and contype in ('p', 'u', 'c', 'f', 'x')), '[]') as constraints,
      coalesce((select jsonb_agg(pg_get_indexdef(indexrelid, 0, true) order by indexrelid::regclass::text)
        from pg_index where indrelid = t.oid
          and not exists (select from pg_constraint c where c.conindid = indexrelid and contype in ('p', 'u', 'x'))), '[]') as indexes
    from pg_class t where relnamespace = current_schema()::regnamespace and relkind = 'r' order by relname collate "C"`.execute(
    db,
  );
  return { tables: rows, without: await readOthers(db) };
}

/** What this format has no words for: an import would make something else of it. */
async function refuseOthers(db: Transaction<unknown>): Promise<void> {
  const { rows } = await sql<{ what: string }>`
    with tables as (select * from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'f')),
    columns as (select relname || '.' || attname as name, a.*, pg_get_expr(d.adbin, d.adrelid) as given
      from tables t join pg_attribute a on attrelid = t.oid and attnum > 0 and not attisdropped
      left join pg_attrdef d on d.adrelid = attrelid and d.adnum = attnum)
    select 'the partitioned table ' || relname as what from tables where relkind = 'p'
    union all select 'the foreign table ' || relname from tables where relkind = 'f'
    union all select 'the inheriting table ' || relname from tables join pg_inherits on inhrelid = oid where not relispartition
    union all select 'row security of ' || relname from tables where relrowsecurity
    union all select 'the generated column ' || name from columns where attgenerated <> ''
    union all select 'the sequence of ' || name from columns where attgenerated = '' and given like 'nextval(%'
    union all select 'the type of ' || name || ', ' || format_type(atttypid, atttypmod) from columns
      join pg_type on pg_type.oid = atttypid where typnamespace <> 'pg_catalog'::regnamespace
    order by 1 limit 20`.execute(db);
  if (rows.length === 0) return;
  throw new DatabaseError("The database has something that an export cannot keep", {
    got: rows.map(({ what }) => what).join("; "),
    expected: "ordinary tables with columns of PostgreSQL's own types, and identities",
    fix: "Use pg_dump for this database, which keeps everything.",
  });
}

/** What is left out without any effect on the tables' rows. */
async function readOthers(db: Transaction<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ what: string }>`
    select case relkind when 'v' then 'the view ' else 'the materialised view ' end || relname as what from pg_class
      where relnamespace = current_schema()::regnamespace and relkind in ('v', 'm')
    union all select 'the trigger ' || tgname || ' of ' || relname from pg_trigger join pg_class on pg_class.oid = tgrelid
      where relnamespace = current_schema()::regnamespace and not tgisinternal
    union all select 'the function ' || proname from pg_proc where pronamespace = current_schema()::regnamespace
      and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
      and proname not like 'millrace\\_%' and coalesce(obj_description(oid, 'pg_proc'), '') not like 'millrace: %'
    union all select 'the table ' || nspname || '.' || relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relkind in ('r', 'p') and relnamespace <> current_schema()::regnamespace
      and nspname <> 'information_schema' and nspname not like 'pg\\_%'
      and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
    order by 1`.execute(db);
  return rows.map(({ what }) => what);
}
