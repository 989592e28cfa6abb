import { type RawBuilder, sql, type Transaction } from "kysely";
import type { CoreTables } from "../database/tables";
import { listColumns, sameKey } from "../load/stage";
import { quoteTable } from "../load/table-habits";
import { plan, type UndoTarget } from "./plan-undo";

/** What an undo did to a table. */
export interface UndoCounts {
  /** Rows that got their values back. */
  readonly restored: number;
  /** Rows that were removed, as a run had inserted them. */
  readonly removed: number;
  /** Rows that are back, as an undo had removed them. */
  readonly inserted: number;
}

/** The columns of the origin of restored rows, with their values. */
export type Stamp = Readonly<Record<string, number>>;

/**
 * Restores the rows of the plan that have no conflict, and keeps what it takes to undo that.
 *
 * @param run the run that undoes
 */
export async function writeUndo(
  trx: Transaction<CoreTables>,
  target: UndoTarget,
  run: string,
  stamp: Stamp,
): Promise<UndoCounts> {
  const { table, key, origin } = target;
  const [into, keys] = [sql.table(table), listColumns(key)];
  const columns = (await columnsOf(trx, table)).filter((column) => !origin.includes(column));
  const rest = columns.filter((column) => !key.includes(column));
  const stamped = Object.entries(stamp);
  const same = (left: string, right: string) => sameKey(key, left, right);
  const keyImage = sql`jsonb_build_object(${sql.join(key.map((column) => sql`${sql.lit(column)}, ${sql.id("d", column)}`))})`;
  const restored = sql`jsonb_populate_record(null::${into}, d.millrace_was) as r`;
  const names = sql.join(key.map((column) => sql.lit(column)));
  const assignments = [
    ...rest.map((column) => sql`${sql.id(column)} = ${sql.id("r", column)}`),
    ...stamped.map(([column, value]) => sql`${sql.id(column)} = ${value}`),
  ];
  const arrays = key.map((column, at) => sql`array_agg(to_jsonb(${sql.id(column)}) #>> '{}') as ${sql.raw(`k${at}`)}`);
  const places = key.map((_, at) => sql`(${sql.lit(at)}, gathered.${sql.raw(`k${at}`)})`);
  const whole = (values: readonly RawBuilder<unknown>[]) => (values.length === 0 ? sql`` : sql`, ${sql.join(values)}`);
  const { rows } = await sql<UndoCounts>`
    with due as materialized (
      select * from ${plan} where millrace_conflict is null and millrace_was is distinct from millrace_now order by ${keys}
    ), entered as (
      insert into load_history (run, table_name, key, kept) select ${run}, ${table}, array[${names}]::text[], 'full'
      where exists (select from due) returning id
    ), removed as (
      delete from ${into} as t using due as d where ${same("t", "d")} and d.millrace_was is null returning to_jsonb(t) as image, ${keyImage} as key
    ), kept_rows as (
      insert into removed_row (load, key, row) select entered.id, removed.key, removed.image from entered, removed
    ), changed as (
      ${
        assignments.length === 0
          ? sql`select from due where false`
          : sql`update ${into} as t set ${sql.join(assignments)} from due as d cross join lateral ${restored}
        where ${same("t", "d")} and d.millrace_was is not null and d.millrace_now is not null returning ${keyImage} as key, d.millrace_now as before, d.millrace_was as after`
      }
    ), kept_values as (
      insert into revision (run, load, table_name, key, before, after)
      select ${run}, entered.id, ${table}, changed.key, changed.before - equal, changed.after - equal from entered, changed cross join lateral (
        select coalesce(array_agg(e.key), '{}') as equal from jsonb_each(changed.before) as e where e.value is not distinct from changed.after -> e.key
      ) as equals
    ), back as (
      insert into ${into} as b (${listColumns(columns)}${whole(stamped.map(([column]) => sql.id(column)))})
      select ${listColumns(columns, "r")}${whole(stamped.map(([, value]) => sql`${value}::bigint`))}
      from due as d cross join lateral ${restored} where d.millrace_now is null returning ${listColumns(key, "b")}
    ), kept_keys as (
      insert into inserted_key (load, part, place, texts) select entered.id, 0, each.place, each.texts from entered,
        (select ${sql.join(arrays)} from back having count(*) > 0) as gathered, lateral (values ${sql.join(places)}) as each (place, texts)
    )
    select (select count(*) from changed) as restored, (select count(*) from removed) as removed, (select count(*) from back) as inserted`.execute(
    trx,
  );
  const { restored: changed = 0, removed = 0, inserted = 0 } = rows[0] ?? {};
  return { restored: Number(changed), removed: Number(removed), inserted: Number(inserted) };
}

/** Columns that can be written, in the table's order. */
async function columnsOf(trx: Transaction<CoreTables>, table: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select attname as name from pg_attribute
    where attrelid = to_regclass(${quoteTable(table)}) and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`.execute(
    trx,
  );
  return rows.map(({ name }) => name);
}
