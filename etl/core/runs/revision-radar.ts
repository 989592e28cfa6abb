/** The past days that a run revised, how far back they were, and by how much: a row per run, table and column. */
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
 * One statement without parameters, for the role that reads.
 *
 * @param mostRevisions the most revisions to read, the newest; default: all
 * @param pipeline letters, digits and hyphens
 * @param since the first day of the runs, `YYYY-MM-DD`, UTC
 * @throws RangeError if one of them is anything else: both are inserted into the text unchanged
 */
export function radarStatement(pipeline: string, since: string, mostRevisions?: number): string {
  if (!/^[a-z][a-z0-9-]*$/.test(pipeline)) throw new RangeError(`not the name of a pipeline: ${pipeline}`);
  if (!/^\d{4}-\d\d-\d\d$/.test(since)) throw new RangeError(`not a day: ${since}`);
  const limit = mostRevisions === undefined ? "" : `order by revision.id desc limit ${Math.trunc(mostRevisions)}`;
  return `
    with seen as materialized (
      select etl_run.id as run, etl_run.started, table_name, before, after,
        (select min(left(part.value, 10) collate "C") from jsonb_each_text(revision.key) part where part.value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}') as day
      from etl_run join revision on revision.run = etl_run.id
      where pipeline = '${pipeline}' and etl_run.started >= '${since}T00:00:00Z' ${limit}
    ), changed as materialized (
      select run, started, table_name, image.key as column, day,
        case when jsonb_typeof(image.value) = 'number' and jsonb_typeof(before -> image.key) = 'number'
          then image.value::text::numeric - (before ->> image.key)::numeric end as by
      from seen, jsonb_each(after) as image
      where image.value is distinct from before -> image.key
    )
    select run, to_char(started at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as started, table_name as "table", "column",
      count(*) as records, count(distinct day) as days, min(day) as oldest, max(day) as newest,
      (started at time zone 'UTC')::date - min(day)::date as days_back,
      sum(by) as sum, case when max(by) >= -min(by) then max(by) else min(by) end as largest
    from changed group by run, changed.started, table_name, "column"
    order by changed.started desc, run, "table", "column"`.trim();
}
