import * as z from "zod";
import type { LiveDatabase } from "../../core/database/live-database";
import { summariseFeed } from "../ledger/summarise";
import type { FeedTables } from "../ledger/tables";
import { chunkName } from "../ledger/tried-chunks";
import { mayPass } from "../load/try-again";
import { CHUNK_BYTES, failRun, manifestKey, type PlanOptions, planFeed } from "../plan/plan";
import type { VerdictWriting } from "../verdicts/write-verdicts";
import type { FeedWatch } from "../watch/watch-feed-run";
import { type ChunkCounts, type FeedChunk, type FeedSummary, feedChunk, type NoRun, type PlanResult } from "./events";
import { loadInTime, SUM } from "./load-in-time";

export interface FeedRunOptions extends PlanOptions {
  /** The run's id. Another call, for the remaining chunks or after a call that died, has the same id. */
  readonly runId: string;
  /** The checks besides the rows. */
  readonly watch: FeedWatch;
  /** Where each object's verdict is written. Default: nowhere. */
  readonly verdicts?: VerdictWriting["store"];
  /** The remaining time of this call, in milliseconds. Default: unlimited. */
  readonly remainingMs?: () => number;
  /** Called at each call with the run's total load. Default: not called. */
  readonly onPlanned?: (plan: PlanResult) => void;
  /** Called with each chunk that this call loaded, or refused. Default: not called. */
  readonly onLoaded?: (chunk: FeedChunk, counts: ChunkCounts) => void;
  /** Loads chunks, and returns the number not begun. Default: one after the other, here, while time lasts. */
  readonly load?: (chunks: readonly FeedChunk[], plan: PlanResult) => Promise<number>;
}

/** The outcome of a call: no run, a part of one, or all of it. */
export type FeedRunResult =
  | NoRun
  /** Chunks that are left, and one more for the sum: call again. */
  | { readonly runId: string; readonly left: number }
  | { readonly runId: string; readonly left: 0; readonly summary: FeedSummary };

/**
 * A run of a feed from its beginning to its end, or as much of it as one call has time for: plans, loads chunks while time lasts, sums
 * up. The next call continues, by the manifest and the ledger. So a run may take longer than any function; an object
 * that cannot be cut may not: it is begun first in a call, and given up after 80 % of the call's time.
 *
 * @throws errors of planFeed, loadChunk and summariseFeed; the run is then recorded as failed
 */
export async function runFeed(live: LiveDatabase<FeedTables>, options: FeedRunOptions): Promise<FeedRunResult> {
  const { contract, manifests, runId, watch, remainingMs = () => Number.POSITIVE_INFINITY } = options;
  const verdicts = options.verdicts && { store: options.verdicts, remainingMs };
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
    return { runId, left: 0, summary: await summariseFeed(live, contract, runId, watch, verdicts) };
  } catch (error) {
    await failRun(live, runId, error);
    throw error;
  }
}

/** The chunks that the run has loaded or refused, and the milliseconds of the slowest one. */
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
