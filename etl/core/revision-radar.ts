/** Which past days a run revised, how far back they were, and by how much: a row a run, table and column. */
export const RADAR_COLUMNS = [
  "run",
  "started",
  "table",
  "column",
  "records",
  "days",
  "oldest",
  "newest",
  "days_back",
  "sum",
  "largest",
];

/**
 * One statement for the role that reads, as it takes no parameters.
 *
 * @param pipeline letters, digits and hyphens
 * @param since the first day of the runs, `YYYY-MM-DD`, UTC
 * @throws RangeError where one of them is anything else: both stand in the text as they are
 */
export function radarStatement(pipeline: string, since: string): string {
  if (!/^[a-z][a-z0-9-]*$/.test(pipeline)) throw new RangeError(`not the name of a pipeline: ${pipeline}`);
  if (!/^\d{4}-\d\d-\d\d$/.test(since)) throw new RangeError(`not a day: ${since}`);
  return `
    with changed as (
      select etl_run.id as run, etl_run.started, table_name, image.key as column,
        (select min(part.value) from jsonb_each_text(revision.key) part where part.value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}') as day,
        case when jsonb_typeof(image.value) = 'number' and jsonb_typeof(before -> image.key) = 'number'
          then image.value::text::numeric - (before ->> image.key)::numeric end as by
      from etl_run join revision on revision.run = etl_run.id, jsonb_each(after) as image
      where pipeline = '${pipeline}' and etl_run.started >= '${since}T00:00:00Z'
        and image.value is distinct from before -> image.key
    )
    select run, to_char(started at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as started, table_name as "table", "column",
      count(*) as records, count(distinct left(day, 10)) as days, left(min(day), 10) as oldest, left(max(day), 10) as newest,
      (started at time zone 'UTC')::date - left(min(day), 10)::date as days_back,
      sum(by) as sum, (array_agg(by order by abs(by) desc nulls last))[1] as largest
    from changed group by run, changed.started, table_name, "column"
    order by changed.started desc, run, "table", "column"`.trim();
}
