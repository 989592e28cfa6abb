import { type Kysely, sql } from "kysely";
import { amountOf } from "../counted";
import type { CoreTables } from "../database/tables";

/** Number of revisions checked: a run with more changes is noticed by its counts. */
const MOST_READ = 100_000;

/**
 * Columns in which this run made values NULL that were known.
 *
 * @param isSensitive whether no key may be shown. Default: false
 */
export async function watchLostValues(
  db: Kysely<CoreTables>,
  run: string,
  isSensitive = false,
): Promise<readonly string[]> {
  const { rows } = await sql<{ table: string; column: string; lost: string | number; key: unknown }>`
    select table_name as table, image.key as column, count(*) as lost, (array_agg(changed.key order by id))[1] as key
    from (select id, table_name, key, after from revision where run = ${run} order by id limit ${MOST_READ}) as changed,
      jsonb_each(after) as image
    where image.value = 'null' group by table_name, image.key order by 1, 2`.execute(db);
  return rows.map(({ table, column, lost, key }) => {
    const records = amountOf(Number(lost), "record");
    const first = isSensitive ? "" : `, the first ${JSON.stringify(key)}`;
    return `${table}: ${column} was known and is NULL now in ${records}${first}. The table revision has the old values`;
  });
}
