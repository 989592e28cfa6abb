import * as z from "zod";
import type { LiveDatabase } from "../../core/database/live-database";
import { summariseFeed } from "../ledger/summarise";
import type { FeedTables } from "../ledger/tables";
import { chunkName } from "../ledger/tried-chunks";
import { mayPass } from "../load/try-again";
import { CHUNK_BYTES, failRun, manifestKey, type PlanOptions, planFeed } from "../plan/plan";
import type { FeedWatch } from "../watch/watch-feed-run";
import { type ChunkCounts, type FeedChunk, type FeedSummary, feedChunk, type NoRun, type PlanResult } from "./events";
import { loadInTime, SUM } from "./load-in-time";

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
    const rest = chunks.filter((chunk) => !begun.has(chunkName(chunk)));
    const { chunkBytes = CHUNK_BYTES } = options;
    const inTime = { ...options, chunkBytes, remainingMs, callMs, slowestMs };
    const load = options.load ?? ((list) => loadInTime(live, inTime, list));
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
    begun: new Set(chunks.map(({ object, first }) => chunkName({ object, start: first }))),
    slowestMs: chunks.reduce((most, { seconds }) => Math.max(most, seconds * 1000), 0),
  };
}
