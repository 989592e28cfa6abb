/**
 * Since when all of a table's changes by loads are kept; null if nothing is kept of it. And the rows as they were at a time: those of now, without what
 * loads that ended later did. Of a key, the first of these says whether the row was there, and each column has its value before the first that
 * changed it. A removed row has all of its values, so what came after the first removal says nothing.
 *
 * A sample (`null::TABLE`) has the type of the result, so that no function depends on a table, which could not be dropped then.
 */
export const AS_OF: readonly string[] = [
  `create or replace function millrace_history_names(of_table regclass) returns text[] language sql stable set search_path from current as $f$
  select array_agg(table_name) from (select distinct table_name from load_history) as known
  where to_regclass((select string_agg(quote_ident(word), '.') from unnest(string_to_array(table_name, '.')) as word)) = of_table
$f$`,
  `create or replace function millrace_history_begins(of_table regclass) returns timestamptz language sql stable set search_path from current as $f$
  with kept as (select * from load_history where table_name = any(millrace_history_names(of_table))),
    lacking as (select max(id) as id, max(coalesce(finished, started)) as at from kept where kept.kept <> 'full')
  select coalesce(lacking.at, (select min(started) from kept where kept.kept = 'full')) from lacking
$f$`,
  `create or replace function millrace_as_of(sample anyelement, millrace_at timestamptz) returns setof anyelement language plpgsql stable
  set search_path from current as $f$
declare
  of_table regclass := pg_typeof(sample)::text::regclass;
  names text[] := millrace_history_names(of_table);
  begins timestamptz := millrace_history_begins(of_table);
  keys text[];
  listed text;
  same text;
  typed text;
  unnested text;
  joined text;
  populated text;
begin
  if begins is null then
    raise exception 'Nothing is kept of what % was', of_table
      using errcode = 'invalid_parameter_value', hint = 'Its history begins with the next run that keeps it';
  end if;
  if millrace_at < begins then
    raise exception 'The history of % begins at %', of_table, begins
      using errcode = 'invalid_parameter_value', hint = 'Ask for that time or a later one: what was before was not kept, or is deleted by its age';
  end if;
  select key into keys from load_history where table_name = any(names) order by id desc limit 1;
  select string_agg(quote_ident(name), ', ' order by at),
    string_agg(format('t.%1$I = s.%1$I', name), ' and ' order by at),
    string_agg(format('u.%I::%s', name, format_type(atttypid, atttypmod)), ', ' order by at),
    string_agg(format('coalesce(k%1$s.texts, k%1$s.integers::text[], k%1$s.days::text[])', at), ', ' order by at),
    string_agg(format('join inserted_key as k%1$s on k%1$s.load = l.id and k%1$s.place = %1$s - 1%2$s', at,
      case when at > 1 then format(' and k%s.part = k1.part', at) else '' end), ' ' order by at),
    string_agg(format('p.%I', name), ', ' order by at)
    into listed, same, typed, unnested, joined, populated
    from unnest(keys) with ordinality as named (name, at)
    join pg_attribute on attrelid = of_table and attname = name and not attisdropped;
  return query execute format($q$
    with recent as materialized (
      select id, run from load_history where table_name = any($1) and kept = 'full' and coalesce(finished, started) > $2
    ), event (millrace_load, millrace_what, %2$s, millrace_image) as materialized (
      select l.id, 'inserted', %4$s, null::jsonb from recent as l %6$s cross join lateral unnest(%5$s) as u (%2$s)
      union all select l.id, 'changed', %7$s, r.before from recent as l join revision as r on r.run = l.run and r.load = l.id
        cross join lateral jsonb_populate_record(null::%1$s, r.key) as p
      union all select l.id, 'removed', %7$s, x.row from recent as l join removed_row as x on x.load = l.id
        cross join lateral jsonb_populate_record(null::%1$s, x.row) as p
    ), state as materialized (
      select %2$s, (array_agg(millrace_what order by millrace_load))[1] as millrace_first,
        min(millrace_load) filter (where millrace_what = 'removed') as millrace_removed
      from event group by %2$s
    ), image as materialized (
      select %2$s, jsonb_object_agg(c.key, c.value order by millrace_load desc) as millrace_image
      from event join state using (%2$s) cross join lateral jsonb_each(event.millrace_image) as c
      where millrace_first <> 'inserted' and (millrace_removed is null or millrace_load <= millrace_removed) group by %2$s
    )
    select t.* from %1$s as t where not exists (select from state as s where %3$s)
    union all select p.* from state as s join image using (%2$s) left join %1$s as t on %3$s
      cross join lateral jsonb_populate_record(case when millrace_removed is null then t else null::%1$s end, image.millrace_image) as p
      where millrace_removed is not null or %8$s is not null
  $q$, of_table, listed, same, typed, unnested, joined, populated, format('t.%I', keys[1])) using names, millrace_at;
end $f$`,
];
