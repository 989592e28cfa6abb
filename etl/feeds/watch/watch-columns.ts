import { type Kysely, type RawBuilder, sql } from "kysely";
import { type ColumnsOf, watchColumns } from "../../core/watch/columns";
import { countedIn } from "../ledger/progress";
import type { FeedTables } from "../ledger/tables";

/** The number of a run's objects that are checked, the last ones; and of earlier ones that define the usual. */
const MOST_READ = 1000;
const USUAL = 20;

interface FoundColumns {
  readonly name: string;
  readonly header: readonly string[] | null;
  readonly empty: readonly string[] | null;
}

/**
 * Changes in the columns of a run's objects against the earlier ones, one text per object.
 *
 * @param target the table's name in the ledger
 */
export async function watchObjectColumns(
  db: Kysely<FeedTables>,
  target: string,
  run: string,
): Promise<readonly string[]> {
  const mine = sql`select object from import_chunk where ${countedIn(sql.val(run))}`;
  const read = async (which: RawBuilder<unknown>, most: number): Promise<readonly ColumnsOf[]> => {
    // A column is empty if it is empty in every chunk that has rows.
    const { rows } = await sql<FoundColumns>`
      select o.location as name, c.header, (
          select json_agg(of_all.name) from (
            select e.name from import_chunk e_of, jsonb_array_elements_text(e_of.empty) e (name)
            where e_of.object = o.id and not e_of.lost group by e.name having count(*) = c.chunks
          ) of_all) as empty
      from (select id, location from import_object where target = ${target} and bytes > 0 and ${which} order by id desc limit ${most}) o,
        lateral (select count(*) filter (where empty is not null) as chunks, (array_agg(header) filter (where header is not null))[1] as header
          from import_chunk where object = o.id and not lost) c
      order by o.id`.execute(db);
    return rows.map(({ name, header, empty }) => ({
      name,
      ...(header !== null && { header }),
      ...(empty !== null && { empty }),
    }));
  };
  const objects = await read(sql`id in (${mine})`, MOST_READ);
  if (objects.length === 0) return [];
  const before = await read(sql`id < (select min(object) from (${mine}) of_run)`, USUAL);
  // Each appears only once: they are one series.
  return watchColumns([{ sources: before }], objects, () => true);
}
