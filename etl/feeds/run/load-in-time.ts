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

/** The code of what was not done when a call's end was near, in the database or out of it. */
const OUT_OF_TIME = "ETIME";
/** Of a call's time, what the sum at its end may take. */
export const SUM = 0.1;
/** A call begins with the first chunk, whatever that takes, while so much of its time is left; else the next one does. */
const FRESH = 0.5;
/** A function that died by one chunk so often would do so again. */
const MOST_TRIES = 2;

export interface LoadInTime extends Pick<PlanOptions, "contract" | "objects"> {
  readonly runId: string;
  /** Bytes of an object that is not cut, above which it gets a call of its own. */
  readonly chunkBytes: number;
  readonly remainingMs: () => number;
  /** All that the call had. */
  readonly callMs: number;
  /** What the slowest chunk of the run took so far. */
  readonly slowestMs: number;
  readonly onLoaded?: (chunk: FeedChunk, counts: ChunkCounts) => void;
}

/**
 * Loads chunks one after the other while a call's time lasts. One that fails is refused, so that it keeps no others out; one that
 * calls died of comes last, and is refused when two did.
 *
 * @returns how many it did not begin
 * @throws what concerns all chunks: a database or a store that is away, a call that had all of its time for one chunk
 */
export async function loadInTime(
  live: LiveDatabase<FeedTables>,
  { runId, contract, objects, chunkBytes, remainingMs, callMs, slowestMs, onLoaded }: LoadInTime,
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
      const counts = await loadChunk(live, { runId, chunk, contract, objects, ...(isLong && { remainingMs }) });
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
    // One that is larger than a chunk and is not cut needs a call of its own, or what is left after it.
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
      // Those before left it too little time: the next call begins with it.
      // Where that is not told in time, too, the chunk comes last.
      await live.run((db) => endTry(db, runId, chunk), mayPass).catch(() => undefined);
      return chunks.length - index;
    }
    slowest = Math.max(slowest, performance.now() - began);
  }
  return 0;
}

function diedOf(tries: number, source: string): MillraceError {
  return new MillraceError("A part of the object could not be loaded", {
    got: `${tries} calls that died of it, or lost the database or the object's store`,
    where: { source },
    fix: "The function's log says of what; more memory, or a smaller chunkMiB, may help. The next run tries it again",
  });
}

function asMillraceError(error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  return new MillraceError("A part of the object could not be loaded", { got: String(error), cause: error });
}
