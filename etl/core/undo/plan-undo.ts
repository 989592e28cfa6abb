import { type RawBuilder, sql, type Transaction } from "kysely";
import type { CoreTables } from "../database/tables";
import { listColumns, sameKey } from "../load/stage";
import { quoteTable } from "../load/table-habits";
import type { UndoneLoads } from "./find-loads";

const PLAN = "millrace_undo";

/** Who is in conflict, if no run is. */
export const SOMEBODY_ELSE = "somebody else";

/** The plan in SQL: a row for each row that the undone runs changed. */
export const plan: RawBuilder<unknown> = sql.id(PLAN);

/** A table, and what of it is undone. */
export interface UndoTarget extends UndoneLoads {
  readonly runs: readonly string[];
  /** Columns that say where a row came from: they are not compared. */
  readonly origin: readonly string[];
}

/**
 * Finds out, for each row that the runs changed, what it was before them, what they left and what it is now,
 * each as JSON or NULL for no row; and who has changed it since, which keeps it from being restored.
 *
 * Going back from the row as it is: of each column, the first change after a time has its value of then; a removed row
 * has all values, and an inserted one was not there.
 */
export async function planUndo(trx: Transaction<CoreTables>, target: UndoTarget): Promise<void> {
  const { table, key, first, runs, origin } = target;
  const [keys, into, ofRow] = [listColumns(key), sql.table(table), sql`null::${sql.table(table)}`];
  const numbered = key.map((_, at) => sql.raw(`k${at}`));
  const unnested = numbered.map((part) => sql`coalesce(${part}.texts, ${part}.integers::text[], ${part}.days::text[])`);
  const joined = numbered.map(
    (part, at) =>
      sql`join inserted_key as ${part} on ${part}.load = l.id and ${part}.place = ${sql.lit(at)} and ${part}.part = k0.part`,
  );
  const typed = sql.join(await typesOf(trx, target));
  const there = sql.id("t", key[0] ?? "");
  const isOurs = sql`millrace_run = any(${sql.val(runs)}::uuid[])`;
  const without = (row: RawBuilder<unknown>) => sql`(${row} - ${sql.val(origin)}::text[])`;
  const same = (left: string, right: string) => sameKey(key, left, right);
  await sql`select set_config('timezone', 'UTC', true)`.execute(trx);
  await sql`create temporary table ${plan} on commit drop as
    with recent as materialized (
      select id, run from load_history where table_name = ${table} and id >= ${first}
    ), event (millrace_load, millrace_run, millrace_what, ${keys}, millrace_image) as materialized (
      select l.id, l.run, 'inserted', ${typed}, null::jsonb from recent as l
        join inserted_key as k0 on k0.load = l.id and k0.place = 0 ${sql.join(joined.slice(1), sql` `)}
        cross join lateral unnest(${sql.join(unnested)}) as u (${keys})
      union all select l.id, l.run, 'changed', ${listColumns(key, "p")}, r.before from recent as l
        join revision as r on r.run = l.run and r.load = l.id cross join lateral jsonb_populate_record(${ofRow}, r.key) as p
      union all select l.id, l.run, 'removed', ${listColumns(key, "p")}, x.row from recent as l
        join removed_row as x on x.load = l.id cross join lateral jsonb_populate_record(${ofRow}, x.row) as p
    ), bounds as materialized (
      select ${keys}, min(millrace_load) filter (where ${isOurs}) as millrace_first, max(millrace_load) filter (where ${isOurs}) as millrace_last
      from event group by ${keys} having bool_or(${isOurs})
    ), since as materialized (
      select e.*, b.millrace_first, b.millrace_last from event as e join bounds as b on ${same("e", "b")} where e.millrace_load >= b.millrace_first
    ), state as materialized (
      select ${keys}, millrace_last,
        (array_agg(millrace_what order by millrace_load))[1] as millrace_what_first,
        min(millrace_load) filter (where millrace_what = 'removed') as millrace_removed_first,
        (array_agg(millrace_what order by millrace_load) filter (where millrace_load > millrace_last))[1] as millrace_what_later,
        min(millrace_load) filter (where millrace_what = 'removed' and millrace_load > millrace_last) as millrace_removed_later,
        (array_agg(millrace_what order by millrace_load) filter (where millrace_load = millrace_last))[1] as millrace_what_last,
        max(millrace_load) filter (where millrace_what = 'inserted' and millrace_load <= millrace_last) as millrace_inserted_last,
        (array_agg(millrace_what order by millrace_load desc))[1] as millrace_what_now,
        (array_agg(millrace_run order by millrace_load desc))[1] as millrace_run_now,
        bool_or(millrace_load < millrace_last and not ${isOurs}) as millrace_is_between
      from since group by ${keys}, millrace_last
    ), image as materialized (
      select ${listColumns(key, "s")},
        jsonb_object_agg(c.key, c.value order by s.millrace_load desc)
          filter (where state.millrace_removed_first is null or s.millrace_load <= state.millrace_removed_first) as millrace_image_first,
        jsonb_object_agg(c.key, c.value order by s.millrace_load desc)
          filter (where s.millrace_load > s.millrace_last and (state.millrace_removed_later is null or s.millrace_load <= state.millrace_removed_later)) as millrace_image_later
      from since as s join state on ${same("s", "state")} cross join lateral jsonb_each(s.millrace_image) as c group by ${listColumns(key, "s")}
    ), compared as (
      select ${listColumns(key, "s")}, s.millrace_what_first, s.millrace_what_last, s.millrace_what_later, s.millrace_inserted_last, s.millrace_removed_first, s.millrace_what_now, s.millrace_run_now, s.millrace_is_between, (${there} is not null) as millrace_is_there,
        case when ${there} is not null then to_jsonb(t) end as millrace_row_now,
        case when s.millrace_what_first = 'inserted' then null when s.millrace_removed_first is not null then millrace_image_first
          when ${there} is not null then to_jsonb(t) || coalesce(millrace_image_first, '{}') end as millrace_row_was,
        case when coalesce(s.millrace_what_later = 'inserted', s.millrace_what_last = 'removed') then null when s.millrace_removed_later is not null then millrace_image_later
          when ${there} is not null then to_jsonb(t) || coalesce(millrace_image_later, '{}') end as millrace_row_left,
        writer.run as millrace_writer, writer.millrace_is_undo
      from state as s left join image on ${same("s", "image")} left join ${into} as t on ${same("s", "t")}
        left join lateral (select l.run, etl_run.undoes is not null as millrace_is_undo from load_history as l left join etl_run on etl_run.id = l.run
          where l.table_name = ${table} and l.xid = t.xmin::text::bigint order by l.id desc limit 1) as writer on true
    ), same_form as (
      select ${listColumns(key, "compared")}, millrace_what_first, millrace_what_last, millrace_what_later, millrace_inserted_last, millrace_removed_first, millrace_what_now, millrace_run_now, millrace_is_between, millrace_is_there,
        not millrace_is_there and millrace_what_now <> 'removed' as millrace_is_gone, millrace_writer, millrace_is_undo, ${without(sql`millrace_row_now`)} as millrace_now,
        case when millrace_row_was is not null then ${without(sql`to_jsonb(was)`)} end as millrace_was,
        case when millrace_row_left is not null then ${without(sql`to_jsonb(left_it)`)} end as millrace_left
      from compared cross join lateral jsonb_populate_record(${ofRow}, millrace_row_was) as was
        cross join lateral jsonb_populate_record(${ofRow}, millrace_row_left) as left_it
    )
    select ${keys}, millrace_now, millrace_was, millrace_left, millrace_what_first, millrace_what_last, millrace_what_later, millrace_inserted_last,
      millrace_removed_first, case
      when millrace_was is not distinct from millrace_now and (millrace_what_first = 'inserted' or not millrace_is_gone) then null
      when millrace_is_gone or (millrace_is_there and (millrace_what_now = 'removed' or millrace_writer is null)) then ${sql.lit(SOMEBODY_ELSE)}
      when millrace_left is distinct from millrace_now or millrace_is_between then 'run ' || millrace_run_now
      when millrace_is_there and not coalesce(millrace_is_undo, false) and not millrace_writer = any(${sql.val(runs)}::uuid[]) then 'run ' || millrace_writer
      end as millrace_conflict
    from same_form`.execute(trx);
}

/** The key's parts as text, each cast to its type. */
async function typesOf(
  trx: Transaction<CoreTables>,
  { table, key }: UndoTarget,
): Promise<readonly RawBuilder<unknown>[]> {
  const { rows } = await sql<{
    name: string;
    type: string;
  }>`select attname as name, format_type(atttypid, atttypmod) as type
    from pg_attribute where attrelid = to_regclass(${quoteTable(table)}) and attnum > 0 and not attisdropped`.execute(
    trx,
  );
  const types = new Map(rows.map(({ name, type }) => [name, type]));
  return key.map((column) => sql`${sql.id("u", column)}::${sql.raw(types.get(column) ?? "text")}`);
}
