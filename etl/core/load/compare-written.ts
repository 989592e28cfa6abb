import { sql, type Transaction } from "kysely";
import { joinPieces, type Pieces } from "./pieces";
import { differIn, isMissing, listColumns, sameKey, type UpsertTarget } from "./stage";

/** How a table differs from the sent rows. */
export interface Difference {
  /** Rows that differed, were not written, and still differ. */
  readonly dropped: number;
  /** Rows that were written, but with other values. */
  readonly altered: number;
}

/**
 * Compares the stage with its target again, after it was written: triggers may have dropped or changed rows.
 *
 * @param missed the number of differing rows that were not written: dropped, or written with the same values by another
 * transaction meanwhile
 */
export async function compareWritten<DB>(
  trx: Transaction<DB>,
  target: UpsertTarget,
  pieces: Pieces | undefined,
  missed: number,
): Promise<Difference> {
  const { key, columns } = target;
  const { rows } = await sql<{ different: number }>`
    select count(*) as different from (${joinPieces(
      target,
      pieces,
      (sides) => sql`select ${listColumns(key, "s")} from ${sides.staged} as s
        left join ${sides.target} as t on ${sameKey(key, "s", "t")}
        where ${isMissing(key, "t")} or ${differIn(columns, "t", "s")}`,
    )}) as left_over`.execute(trx);
  return splitDifference(rows[0]?.different ?? 0, missed);
}

/** Counts of the rows that the table does not have as sent: those that were not written, and those that were. */
export function splitDifference(different: number, missed: number): Difference {
  const dropped = Math.min(different, missed);
  return { dropped, altered: different - dropped };
}
