import { sql, type Transaction } from "kysely";
import type { FeedTables } from "../ledger/tables";
import type { ChunkCounts, FeedChunk } from "../run/events";

/**
 * Writes the chunk into the ledger; if another worker is loading it, waits for its end.
 *
 * @returns the counts if a worker has loaded it already; undefined if none has, or if it was refused for a reason that
 * may no longer hold
 */
export async function claimChunk(
  trx: Transaction<FeedTables>,
  run: string,
  { object, start, end }: FeedChunk,
): Promise<ChunkCounts | undefined> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto("import_chunk")
    .values({ run, object, first: start, past: end })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 1n) return undefined;
  const taken = await trx
    .updateTable("import_chunk")
    .set({ refused: null, lost: false })
    .from("import_object as o")
    .where("run", "=", run)
    .where("object", "=", object)
    .where("first", "=", start)
    .where("refused", "is not", null)
    .where(sql<boolean>`o.id = object and o.rejected_since is null`)
    .executeTakeFirst();
  if (taken.numUpdatedRows === 1n) return undefined;
  return trx
    .selectFrom("import_chunk")
    .select(["rows", "inserted", "updated", "unchanged", "superseded", "rejected", "dropped", "altered"])
    .where("run", "=", run)
    .where("object", "=", object)
    .where("first", "=", start)
    .executeTakeFirstOrThrow();
}
