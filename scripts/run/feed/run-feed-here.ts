import { randomUUID } from "node:crypto";
import { ownCode } from "../../../etl/adapters/files/own-code";
import type { Database } from "../../../etl/core/database/database";
import { LiveDatabase } from "../../../etl/core/database/live-database";
import type { Progress } from "../../../etl/core/ports";
import { DEFAULT_CHECKS } from "../../../etl/core/watch/feed-checks";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import { loadChunk } from "../../../etl/feeds/load/load-chunk";
import { MemoryLists } from "../../../etl/feeds/plan/memory-lists";
import type { FeedChunk, FeedSummary, NoRun, PlanResult } from "../../../etl/feeds/run/events";
import { runFeed } from "../../../etl/feeds/run/run-feed";
import { openContract, sourceOf } from "./contract/open-contract";
import type { FeedCommandOptions } from "./feed-options";
import { openObjects, openVerdicts, samplesOf } from "./open-objects";
import { SoFar } from "./so-far";
import { type ChunkWorker, loadAll } from "./workers/chunk-workers";
import { WorkerProcess } from "./workers/worker-process";

/**
 * The longest time for which the database keeps the session of a killed process: `idle_in_transaction_session_timeout`
 * of a chunk.
 */
const KILLED_MS = 150_000;

/** A run's callbacks, and its settings besides the options. */
export interface Telling {
  readonly progress: Progress;
  /** Keeps the run's work so far. Default: not kept. */
  readonly soFar?: SoFar;
  /** Begin one only if it was requested. Default: false. */
  readonly again?: boolean;
}

/**
 * Plans a run, makes its workers load the chunks, and ends it. If it fails after its beginning, the ledger records
 * that.
 */
export async function runFeedHere(
  database: Database<FeedTables>,
  options: FeedCommandOptions,
  { progress, soFar = new SoFar(), again = false }: Telling,
): Promise<FeedSummary | NoRun> {
  const live = new LiveDatabase(database);
  const { databaseUrl, workers, full } = options;
  const contract = openContract(options.contract, options);
  const { name } = contract;
  const source = sourceOf(options.contract, options);
  const objects = await openObjects(source);
  const verdicts = options.verdicts === true ? await openVerdicts(source) : undefined;
  const [runId, code] = [randomUUID(), ownCode()];
  soFar.begin(runId);
  const load = async (chunks: readonly FeedChunk[], { bytes }: PlanResult) => {
    let done = 0;
    soFar.planned(chunks.length);
    const show = (more: number) => progress.advance("parse", name, Math.min(done + more, bytes), bytes);
    const inThisProcess: ChunkWorker = {
      load: (chunk, onRead) => {
        const onBytes = (read: number) => {
          show(read);
          onRead(read / (chunk.end - chunk.start));
        };
        return loadChunk(live, { runId, chunk, contract, objects, code, onBytes });
      },
      stop: async () => undefined,
    };
    const others =
      databaseUrl === undefined
        ? []
        : Array.from(
            { length: workers - 1 },
            () => new WorkerProcess({ ...options, databaseUrl, source, runId, code }),
          );
    await loadAll(chunks, [inThisProcess, ...others], (chunk, counts) => {
      done += chunk.end - chunk.start;
      soFar.loaded(counts);
      show(0);
    });
    if (chunks.length > 0) progress.finish("parse", name);
    return 0;
  };
  const patience = { waitMs: KILLED_MS, onWait: (text: string) => console.error(text) };
  // Made-up objects have the age at which they were made.
  const checks = source.from === samplesOf(name) ? { ...DEFAULT_CHECKS, staleDays: null } : DEFAULT_CHECKS;
  const watch = { checks, today: new Date().toISOString().slice(0, 10) };
  const run = {
    contract,
    objects,
    manifests: new MemoryLists(),
    runId,
    full,
    again,
    attended: true,
    patience,
    watch,
    verdicts,
    load,
  };
  const result = await runFeed(live, run).finally(() => live.closeOpened());
  if ("summary" in result) return result.summary;
  if ("waitsFor" in result) return result;
  throw new RangeError("A run without a time limit left chunks");
}
