import { randomUUID } from "node:crypto";
import type { RejectedLimit } from "../../../etl/core/contract/rejected-limit";
import type { Database } from "../../../etl/core/database/database";
import { LiveDatabase } from "../../../etl/core/database/live-database";
import { rehearse } from "../../../etl/core/database/rehearse";
import { RejectedObjectsError, UsageError } from "../../../etl/core/errors";
import type { Progress } from "../../../etl/core/ports";
import { DEFAULT_CHECKS } from "../../../etl/core/watch/feed-checks";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import { loadChunk } from "../../../etl/feeds/load/load-chunk";
import { MemoryLists } from "../../../etl/feeds/plan/memory-lists";
import type { FeedChunk, FeedSummary, NoRun, PlanResult } from "../../../etl/feeds/run/events";
import { runFeed } from "../../../etl/feeds/run/run-feed";
import { printResult } from "../../command-line/standard-streams";
import { explainFailure } from "../explain-failure";
import { openDatabase } from "../open-database";
import { SilentProgress } from "../terminal/silent-progress";
import { TerminalProgress } from "../terminal/terminal-progress";
import { type ChunkWorker, loadAll } from "./chunk-workers";
import { openContract, sourceOf } from "./open-contract";
import { openObjects, samplesOf } from "./open-objects";
import { WorkerProcess } from "./worker-process";

/** The arguments and options of `etl feed` as commander gives them. */
export interface FeedCommandOptions {
  readonly contract: string;
  readonly from?: string;
  /** Files alone, in place of all of `from`. Default: none. */
  readonly files?: readonly string[];
  /** Default: the contract's. */
  readonly maxRejected?: RejectedLimit;
  readonly databaseUrl?: string;
  readonly fresh?: boolean;
  readonly workers: number;
  readonly full?: boolean;
  /** All but the commit, in one transaction. Default: false. */
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Runs a feed as the command line says and shows how it went. @returns the exit code */
export async function runFeedCommand(options: FeedCommandOptions): Promise<number> {
  const progress = options.quiet === true ? new SilentProgress() : new TerminalProgress(process.stderr);
  let database: Database<FeedTables> | undefined;
  try {
    refuseContradictions(options);
    const { from } = sourceOf(options.contract, options);
    if (from === samplesOf(options.contract) && options.quiet !== true) {
      console.error("These are made-up samples; --from takes your own files");
    }
    database = await openDatabase<FeedTables>(options);
    const results = await (options.dryRun === true ? dryRun : runUntilDone)(database, options, progress);
    progress.stop();
    await printResult(options.json === true ? JSON.stringify(toJson(results, options)) : render(results, options));
    return 0;
  } catch (error) {
    progress.stop();
    const reason = error instanceof Error ? error.message : String(error);
    const warnings = error instanceof RejectedObjectsError ? error.warnings : [];
    if (options.json === true) console.log(JSON.stringify({ status: "failed", warnings, error: reason }));
    for (const warning of warnings) console.error(`Warning: ${warning}`);
    return explainFailure(error);
  } finally {
    await database?.close().catch(() => undefined);
  }
}

/** What a run came to, or why there was none. */
type Result = FeedSummary | NoRun;

async function dryRun(
  database: Database<FeedTables>,
  options: FeedCommandOptions,
  progress: Progress,
): Promise<readonly [Result, ...FeedSummary[]]> {
  return [await rehearse(database, (rehearsed) => runFeedHere(rehearsed, options, progress))];
}

/** Begins a run; and where somebody left his work to it, another one after it, and so on. */
async function runUntilDone(
  database: Database<FeedTables>,
  options: FeedCommandOptions,
  progress: Progress,
): Promise<readonly [Result, ...FeedSummary[]]> {
  const again = () => runFeedHere(database, { ...options, full: false }, progress, true);
  const first = await runFeedHere(database, options, progress).catch(async (error: unknown) => {
    // One bad object keeps nobody's others out.
    if (error instanceof RejectedObjectsError) await again();
    throw error;
  });
  const later: FeedSummary[] = [];
  for (let last: Result = first; isSummary(last) && last.again; ) {
    last = await again();
    if (isSummary(last)) later.push(last);
  }
  return [first, ...later];
}

function isSummary(result: Result): result is FeedSummary {
  return !("waitsFor" in result);
}

function toJson([first, ...later]: readonly [Result, ...FeedSummary[]], { dryRun = false }: FeedCommandOptions) {
  const ended = dryRun ? "dry-run" : "succeeded";
  return { status: isSummary(first) ? ended : "waits", ...first, ...(later.length > 0 && { later }) };
}

/** The database holds the session of a process that was killed for so long at most: `idle_in_transaction_session_timeout` of a chunk. */
const KILLED_MS = 150_000;

/**
 * Plans a run, lets its workers load the chunks, and ends it. Where it fails after its begin, the ledger says so.
 *
 * @param again only where somebody requested a run
 */
export async function runFeedHere(
  database: Database<FeedTables>,
  options: FeedCommandOptions,
  progress: Progress,
  again = false,
): Promise<FeedSummary | NoRun> {
  const live = new LiveDatabase(database);
  const { databaseUrl, workers, full } = options;
  const contract = openContract(options.contract, options);
  const { name } = contract;
  const source = sourceOf(options.contract, options);
  const objects = await openObjects(source);
  const runId = randomUUID();
  const load = async (chunks: readonly FeedChunk[], { bytes }: PlanResult) => {
    let done = 0;
    const show = (more: number) => progress.advance("parse", name, Math.min(done + more, bytes), bytes);
    const inThisProcess: ChunkWorker = {
      load: (chunk, onRead) => {
        const onBytes = (read: number) => {
          show(read);
          onRead(read / (chunk.end - chunk.start));
        };
        return loadChunk(live, { runId, chunk, contract, objects, onBytes });
      },
      stop: async () => undefined,
    };
    const others =
      databaseUrl === undefined
        ? []
        : Array.from({ length: workers - 1 }, () => new WorkerProcess({ ...options, databaseUrl, source, runId }));
    await loadAll(chunks, [inThisProcess, ...others], (chunk) => {
      done += chunk.end - chunk.start;
      show(0);
    });
    if (chunks.length > 0) progress.finish("parse", name);
    return 0;
  };
  const patience = { waitMs: KILLED_MS, onWait: (text: string) => console.error(text) };
  // Made-up objects are as old as their maker left them.
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
    load,
  };
  const result = await runFeed(live, run).finally(() => live.closeOpened());
  if ("summary" in result) return result.summary;
  if ("waitsFor" in result) return result;
  throw new RangeError("A run whose time has no end left something");
}

function refuseContradictions({ workers, databaseUrl, dryRun = false }: FeedCommandOptions): void {
  if (workers > 1 && dryRun) {
    throw new UsageError("A dry run is one transaction, and has one worker", {
      got: `--dry-run with --workers ${workers}`,
      fix: "Leave one of them out",
    });
  }
  if (workers === 1 || databaseUrl !== undefined) return;
  throw new UsageError("The embedded database takes one worker", {
    got: `--workers ${workers}`,
    fix: "Name a PostgreSQL by --database-url, or leave --workers out",
  });
}

function render(results: readonly Result[], { dryRun = false }: FeedCommandOptions): string {
  const texts = results.map((result) => (isSummary(result) ? renderSummary(result) : result.text));
  return [...(dryRun ? ["Dry run: nothing was kept."] : []), ...texts].join("\n");
}

function renderSummary(summary: FeedSummary): string {
  const { text, unchanged, superseded, rejected, rows, objects, chunks, seconds, warnings } = summary;
  const warned = warnings.map((warning) => `Warning: ${warning}`);
  if (chunks === 0) return [text, ...warned].join("\n");
  const rate = Math.round(rows / Math.max(seconds, 0.001)).toLocaleString("en-US");
  return [
    `${text} (${unchanged} unchanged, ${superseded} superseded by newer rows, ${rejected} rejected)`,
    `${rows.toLocaleString("en-US")} rows of ${objects} objects in ${chunks} chunks, ${seconds.toFixed(1)} s, ${rate} rows/s`,
    ...warned,
  ].join("\n");
}
