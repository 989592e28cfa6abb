import { sql } from "kysely";
import type { Feed } from "../../core/contract/contract";
import type { Rejections } from "../../core/csv/rejections";
import type { LiveDatabase } from "../../core/database/live-database";
import { CsvError, type MillraceError, RejectedLimitError, SourceError, UsageError } from "../../core/errors";
import { TransientSourceError } from "../../core/fetch/errors";
import { keepRejectedRows } from "../../core/runs/runs";
import { markRejected } from "../ledger/judge-objects";
import type { FeedTables } from "../ledger/tables";
import type { ChunkCounts, FeedChunk } from "../run/events";
import { TooLongError } from "./call-time";
import { claimChunk } from "./claim-chunk";
import { RefusedRowError } from "./refused/explain-refused";
import { inTransactionAgain } from "./try-again";

/** A fault of one object, and no reason to leave the others out. */
export interface Refusal {
  readonly error: MillraceError;
  /**
   * Whether the fault is in its content, so that it would be refused again. Otherwise it is archived or deleted, or the
   * table refuses it.
   */
  readonly isForGood: boolean;
}

/** @returns undefined if the object is not the cause: a chunk of another may fail as well */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof CsvError || error instanceof RejectedLimitError) return { error, isForGood: true };
  if (error instanceof TooLongError) return { error, isForGood: !error.isRead };
  if (error instanceof TransientSourceError) return undefined;
  const isOfObject = error instanceof SourceError || error instanceof UsageError || error instanceof RefusedRowError;
  return isOfObject ? { error, isForGood: false } : undefined;
}

/**
 * Records that a chunk is refused, and its rejected rows, in a separate transaction: the chunk's own writes are undone.
 * If the refusal is permanent, its object is not read again.
 */
export async function keepRefusal(
  live: LiveDatabase<FeedTables>,
  { runId, chunk, contract }: { readonly runId: string; readonly chunk: FeedChunk; readonly contract: Feed },
  { error, isForGood }: Refusal,
  { rows }: Rejections,
): Promise<ChunkCounts> {
  const kept = "it was written down why the chunk was refused; import_chunk has it if so";
  return inTransactionAgain(live, kept, async (trx) => {
    const known = await claimChunk(trx, runId, chunk);
    if (known !== undefined) return known;
    const rejected = isForGood ? rows.length : 0;
    if (isForGood) {
      await markRejected(trx, contract, { object: chunk.object, run: runId, reason: error.message });
      await keepRejectedRows<FeedTables>(trx, runId, rows);
    }
    await trx
      .updateTable("import_chunk")
      .set({ rows: rejected, rejected, lost: true, refused: error.message, finished: sql`clock_timestamp()` })
      .where("run", "=", runId)
      .where("object", "=", chunk.object)
      .where("first", "=", chunk.start)
      .execute();
    return { ...NOTHING, rows: rejected, rejected };
  });
}

const NOTHING = { rows: 0, inserted: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dropped: 0, altered: 0 };
