import { sql, type Transaction } from "kysely";
import { DatabaseError } from "../../core/errors";
import type { RowToMend } from "../../core/mend/find-rejected";
import type { FeedTables } from "../ledger/tables";

/** An object whose rejected rows are mended, and those of them. */
export interface CorrectedObject {
  /** `import_object.id`. */
  readonly id: number;
  readonly rows: readonly RowToMend[];
}

/**
 * Finds the object that each row was rejected of: the version that its run had read, else the newest.
 *
 * @param target the table as the ledger has it
 */
export async function groupByObject(
  trx: Transaction<FeedTables>,
  target: string,
  rows: readonly RowToMend[],
): Promise<readonly CorrectedObject[]> {
  const ids = rows.map(({ id }) => id);
  const { rows: found } = await sql<{ id: number; object: number | null }>`
    select r.id, (select o.id from import_object o where o.target = ${target} and o.location = r.source
      order by exists (select from import_chunk c where c.run = r.run and c.object = o.id) desc, o.last_modified desc, o.id desc
      limit 1) as object
    from rejected_row r where r.id = any(${sql.val(ids)}::bigint[])`.execute(trx);
  const objectOf = new Map(found.map(({ id, object }) => [Number(id), object === null ? undefined : Number(object)]));
  const groups = new Map<number, RowToMend[]>();
  for (const row of rows) {
    const object = objectOf.get(row.id);
    if (object === undefined) {
      throw new DatabaseError("The ledger has no object that this row was rejected of", {
        got: `${row.source}, for the rejected row ${row.id}`,
        fix: "Load the feed, write the file of its rejected rows again, and correct that",
      });
    }
    const group = groups.get(object);
    if (group === undefined) groups.set(object, [row]);
    else group.push(row);
  }
  return [...groups].map(([id, group]) => ({ id, rows: group }));
}

/**
 * Enters what the corrected rows come from: of the time of their object, and without a byte, as nothing of it is listed or read. Of two with equal
 * times the location decides: so it says when, and the later correction wins.
 *
 * @returns its `import_object.id`
 */
export async function enterMended(trx: Transaction<FeedTables>, object: number, run: string): Promise<number> {
  const { rows } = await sql<{
    id: number;
  }>`insert into import_object (target, location, etag, last_modified, bytes, kind)
    select target, location || to_char(clock_timestamp() at time zone 'UTC', '" mended "YYYY-MM-DD"T"HH24:MI:SS.US"Z in run "') || ${run}::text, ${run}, last_modified, 0, 'mended'
    from import_object where id = ${object} returning id`.execute(trx);
  return Number(rows[0]?.id);
}
