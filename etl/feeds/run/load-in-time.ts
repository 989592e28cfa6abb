import { counted } from "../../core/counted";
import { Rejections } from "../../core/csv/rejections";
import { findErrorCode } from "../../core/database/database";
import type { LiveDatabase } from "../../core/database/live-database";
import { MillraceError } from "../../core/errors";
import type { FeedTables } from "../ledger/tables";
import { beginTry, chunkName, endTry, readTried } from "../ledger/tried-chunks";
import { loadChunk } from "../load/load-chunk";
import { isPart } from "../load/read-chunk";
import { keepRefusal } from "../load/refusal";
import { mayPass } from "../load/try-again";
import type { PlanOptions } from "../plan/plan";
import type { ChunkCounts, FeedChunk } from "./events";

/** The code of work given up because a call's end was near, in the database or outside. */
const OUT_OF_TIME = "ETIME";
/** The share of a call's time that is kept for the sum at its end. */
export const SUM = 0.1;
/**
 * A call begins its first chunk, however long it takes, while this share of its time is left; else the next call does.
 */
const FRESH = 0.5;
/** After this many deaths by one chunk, a function would die again. */
const MOST_TRIES = 2;

export interface LoadInTime extends Pick<PlanOptions, "contract" | "objects" | "code"> {
  readonly runId: string;
  /** Size in bytes above which an uncut object gets a call of its own. */
  readonly chunkBytes: number;
  readonly remainingMs: () => number;
  /** The call's whole time. */
  readonly callMs: number;
  /** The time of the run's slowest chunk so far. */
  readonly slowestMs: number;
  readonly onLoaded?: (chunk: FeedChunk, counts: ChunkCounts) => void;
}

/**
 * Loads chunks one after the other while a call's time lasts. A failing chunk is refused, so that it does not block the
 * others; a chunk that killed a call comes last, and is refused after two deaths.
 *
 * @returns the number of chunks not begun
 * @throws failures that concern all chunks: an unreachable database or store, a call that had all of its time for one
 * chunk
 */
export async function loadInTime(
  live: LiveDatabase<FeedTables>,
  { runId, contract, objects, code, chunkBytes, remainingMs, callMs, slowestMs, onLoaded }: LoadInTime,
  chunks: readonly FeedChunk[],
): Promise<number> {
  const tried = await live.run((db) => readTried(db, runId), mayPass);
  const triesOf = (chunk: FeedChunk) => tried.get(chunkName(chunk)) ?? 0;
  const refuse = (chunk: FeedChunk, error: MillraceError) =>
    keepRefusal(live, { runId, chunk, contract }, { error, isForGood: false }, new Rejections());
  const load = async (chunk: FeedChunk, isLong: boolean): Promise<ChunkCounts> => {
    if (triesOf(chunk) >= MOST_TRIES) return refuse(chunk, diedOf(triesOf(chunk), objects.locate(chunk.key)));
    await live.run((db) => beginTry(db, runId, chunk), mayPass);
    try {
      const counts = await loadChunk(live, { runId, chunk, contract, objects, code, ...(isLong && { remainingMs }) });
      await live.run((db) => endTry(db, runId, chunk), mayPass);
      return counts;
    } catch (error) {
      if (mayPass(error) || findErrorCode(error) === OUT_OF_TIME) throw error;
      const counts = await refuse(chunk, asMillraceError(error)).catch(() => {
        throw error;
      });
      await live.run((db) => endTry(db, runId, chunk), mayPass);
      return counts;
    }
  };
  let slowest = slowestMs;
  const inOrder = [...chunks].sort((one, other) => triesOf(one) - triesOf(other));
  for (const [index, chunk] of inOrder.entries()) {
    // An uncut object larger than a chunk needs a call of its own, or the time left after it.
    const isLong = !isPart(chunk) && chunk.bytes > chunkBytes;
    const isInTime =
      index === 0 ? remainingMs() >= callMs * FRESH : !isLong && remainingMs() >= 2 * slowest + callMs * SUM;
    if (!isInTime) return chunks.length - index;
    const began = performance.now();
    try {
      const counts = await load(chunk, isLong);
      onLoaded?.(chunk, counts);
    } catch (error) {
      if (index === 0 || findErrorCode(error) !== OUT_OF_TIME) throw error;
      // The earlier chunks left it too little time: the next call begins with it.
      // If there is no time to record that either, the chunk comes last.
      await live.run((db) => endTry(db, runId, chunk), mayPass).catch(() => undefined);
      return chunks.length - index;
    }
    slowest = Math.max(slowest, performance.now() - began);
  }
  return 0;
}

function diedOf(tries: number, source: string): MillraceError {
  return new MillraceError("A part of the object could not be loaded", {
    got: `${counted(tries, "call")} that died of it, or lost the database or the object's store`,
    where: { source },
    fix: "The function's log has the cause; more memory, or a smaller chunkMiB, may help. The next run tries it again",
  });
}

function asMillraceError(error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  return new MillraceError("A part of the object could not be loaded", { got: String(error), cause: error });
}
