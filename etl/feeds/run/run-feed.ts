import * as z from "zod";
import { findErrorCode } from "../../core/database/database";
import type { LiveDatabase } from "../../core/database/live-database";
import { summariseFeed } from "../ledger/summarise";
import type { FeedTables } from "../ledger/tables";
import { loadChunk } from "../load/load-chunk";
import { isPart } from "../load/read-chunk";
import { mayPass } from "../load/try-again";
import { CHUNK_BYTES, failRun, manifestKey, type PlanOptions, planFeed } from "../plan/plan";
import type { FeedWatch } from "../watch/watch-feed-run";
import { type ChunkCounts, type FeedChunk, type FeedSummary, feedChunk, type NoRun, type PlanResult } from "./events";

export interface FeedRunOptions extends PlanOptions {
  /** What the run is called. Whoever calls again for what is left, or after a call that died, gives the same. */
  readonly runId: string;
  /** What is looked for besides the rows. */
  readonly watch: FeedWatch;
  /** What this call may still take, in milliseconds. Default: no end. */
  readonly remainingMs?: () => number;
  /** Told at each call what the run loads in all. Default: nobody is. */
  readonly onPlanned?: (plan: PlanResult) => void;
  /** Told of each chunk that this call loaded, or refused. Default: nobody is. */
  readonly onLoaded?: (chunk: FeedChunk, counts: ChunkCounts) => void;
  /** Loads chunks, and gives how many it did not begin. Default: one after the other, here, while time lasts. */
  readonly load?: (chunks: readonly FeedChunk[], plan: PlanResult) => Promise<number>;
}

/** What a call came to: no run, a part of one, or all of it. */
export type FeedRunResult =
  | NoRun
  /** Chunks that are left, and one more for the sum: call again. */
  | { readonly runId: string; readonly left: number }
  | { readonly runId: string; readonly left: 0; readonly summary: FeedSummary };

/** The code of what was not done when a call's end was near, in the database or out of it. */
const OUT_OF_TIME = "ETIME";
/** Of a call's time, what the sum at its end may take. */
const SUM = 0.1;
/** A call begins with the first chunk, whatever that takes, while so much of its time is left; else the next one does. */
const FRESH = 0.5;

/**
 * A run of a feed from its beginning to its end, or as much of it as one call has time for: plans, loads chunks while time lasts, sums
 * up. The next call goes on, by the manifest and the ledger. So a run may take longer than any function; an object that cannot be cut
 * may not: it is begun first in a call, and given up when 80 % of that are over.
 *
 * @throws what planFeed, loadChunk and summariseFeed throw; the run is written down as failed then
 */
export async function runFeed(live: LiveDatabase<FeedTables>, options: FeedRunOptions): Promise<FeedRunResult> {
  const { contract, manifests, runId, watch, remainingMs = () => Number.POSITIVE_INFINITY } = options;
  const callMs = remainingMs();
  const plan = await planFeed(live, options);
  if ("waitsFor" in plan) return plan;
  options.onPlanned?.(plan);
  try {
    const chunks = z.array(feedChunk).parse(await manifests.get(manifestKey(runId)));
    const { begun, slowestMs } = await readBegun(live, runId);
    const rest = chunks.filter(({ object, start }) => !begun.has(`${object} ${start}`));
    const load = options.load ?? ((list) => loadInTime(live, { ...options, remainingMs, callMs, slowestMs }, list));
    const left = await load(rest, plan);
    if (left > 0 || remainingMs() < callMs * SUM) return { runId, left: left + 1 };
    return { runId, left: 0, summary: await summariseFeed(live, contract, runId, watch) };
  } catch (error) {
    await failRun(live, runId, error);
    throw error;
  }
}

/** The chunks that the run has loaded, or that were refused, and the milliseconds that the slowest one took. */
async function readBegun(live: LiveDatabase<FeedTables>, run: string) {
  const chunks = await live.run(
    (db) => db.selectFrom("import_chunk").select(["object", "first", "seconds"]).where("run", "=", run).execute(),
    mayPass,
  );
  return {
    begun: new Set(chunks.map(({ object, first }) => `${object} ${first}`)),
    slowestMs: chunks.reduce((most, { seconds }) => Math.max(most, seconds * 1000), 0),
  };
}

interface Time {
  readonly remainingMs: () => number;
  /** All that the call had. */
  readonly callMs: number;
  readonly slowestMs: number;
}

async function loadInTime(
  live: LiveDatabase<FeedTables>,
  {
    runId,
    contract,
    objects,
    chunkBytes = CHUNK_BYTES,
    remainingMs,
    callMs,
    slowestMs,
    onLoaded,
  }: FeedRunOptions & Time,
  chunks: readonly FeedChunk[],
): Promise<number> {
  let slowest = slowestMs;
  for (const [index, chunk] of chunks.entries()) {
    // One that is larger than a chunk and is not cut needs a call of its own, or what is left after it.
    const isLong = !isPart(chunk) && chunk.bytes > chunkBytes;
    const isInTime =
      index === 0 ? remainingMs() >= callMs * FRESH : !isLong && remainingMs() >= 2 * slowest + callMs * SUM;
    if (!isInTime) return chunks.length - index;
    const began = performance.now();
    try {
      const counts = await loadChunk(live, { runId, chunk, contract, objects, ...(isLong && { remainingMs }) });
      onLoaded?.(chunk, counts);
    } catch (error) {
      // One that those before left too little time for: the next call begins with it.
      if (index > 0 && findErrorCode(error) === OUT_OF_TIME) return chunks.length - index;
      throw error;
    }
    slowest = Math.max(slowest, performance.now() - began);
  }
  return 0;
}
