import { randomUUID } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import { Rejections } from "../csv/rejections";
import type { Database } from "../database/database";
import { LiveDatabase } from "../database/live-database";
import { type Migrations, migrate } from "../database/migrate";
import { endOldFindings, type Retention } from "../database/retention";
import type { CoreTables, SourceSummary } from "../database/tables";
import { CommitUnknownError, inTransaction } from "../database/transaction";
import { withoutValues } from "../database/without-values";
import { OutOfTimeError } from "../in-time";
import type { Notification, Notifier, Source } from "../ports";
import { DEFAULT_CHECKS, type FeedChecks } from "../watch/feed-checks";
import { watchFeed } from "../watch/watch-feed";
import { ResultHash } from "./result-hash";
import { readRevisions } from "./revisions";
import { withRunLock } from "./run-lock";
import { settleRun, writeFailure } from "./run-outcome";
import { describeCounts, describeWarnings, type NewestRecord, RunFailedError, type RunReport } from "./run-report";
import { finishRun, keepRejectedRows, type LoadReport, markDeadRuns, startRun } from "./runs";
import { Warnings } from "./warnings";

/** The shared context of a run's steps. */
export interface RunContext {
  readonly runId: string;
  readonly rejections: Rejections;
  /** Adds a warning: something a person should check, though the run is fine. */
  readonly warn: (warning: string) => void;
  /** The sources read so far, for the ledger: also kept if the run fails. */
  readonly sources: SourceSummary[];
  /** The run's checks of its feed. */
  readonly checks: FeedChecks;
  /** Gets the records that the sources became, in their order: for the ledger. */
  readonly result: ResultHash;
  /** Whether a contract in use has sensitive columns: then no value of a record is shown. Default: false. */
  isSensitive?: boolean;
}

/** The result of step `load`. `dropped` is that of `loadRecords`; left out, 0. */
export type Loaded = Omit<LoadReport, "rejected" | "dropped"> &
  Partial<Pick<LoadReport, "dropped">> & { readonly newest?: NewestRecord };

/** A pipeline's own steps; {@link runPipeline} does the rest. */
export interface Pipeline<Tables extends CoreTables> {
  readonly name: string;
  readonly migrations: Migrations;
  /** Step `fetch`: makes the sources readable. */
  readonly fetch: () => Promise<readonly Source[]>;
  /** Step `load`: reads the sources and loads them, all inside one transaction. */
  readonly load: (trx: Transaction<Tables>, sources: readonly Source[], run: RunContext) => Promise<Loaded>;
}

export interface RunOptions<Tables extends CoreTables> {
  readonly database: Database<Tables>;
  readonly notifier: Notifier;
  /** Do everything, then roll back; the ledger alone keeps the run. Default: false. */
  readonly dryRun?: boolean;
  /** Called when another run of the pipeline holds the lock. */
  readonly onWait: () => void;
  /** Called with one line about other errors, which do not change the run's result. Default: not called. */
  readonly onWarning?: (text: string) => void;
  /** Called with one line about additional work. Default: not called. */
  readonly onNote?: (text: string) => void;
  /** What to delete after a successful run. Default: nothing. */
  readonly retention?: Retention;
  /** Checks of the feed. Default: those of a daily feed. */
  readonly checks?: FeedChecks;
  /** The day of reported news, `YYYY-MM-DD`. Default: today, UTC. */
  readonly today?: string;
  /** Which code runs, for the ledger. Default: unknown. */
  readonly code?: string;
}

/** The common parts of all tries of a run. */
interface Work<Tables extends CoreTables> extends RunOptions<Tables> {
  readonly pipeline: Pipeline<Tables>;
  readonly live: LiveDatabase<Tables>;
  /** Fetches once, for any number of tries. */
  readonly fetch: () => Promise<readonly Source[]>;
  /** The results of earlier tries. */
  readonly failedTries: string[];
}

/**
 * Runs a pipeline once: tables up to date, lock, ledger, fetch, load, notification. The load is one transaction with the
 * ledger's row, so either the whole run is there or none of it. Where PostgreSQL asks for that, it is tried again, bounded,
 * each time as a run of its own. After the commit a later error is only a warning.
 *
 * ```ts
 * const visits = defineTable({ table: "visits", columns: { visit_id: { type: "bigint" } }, key: ["visit_id"] });
 * const migrations: Migrations = {
 *   "001-visits": { up: async (db) => void (await sql`create table visits (visit_id bigint primary key)`.execute(db)) },
 * };
 * async function* records() {
 *   yield [{ visit_id: 17 }];
 * }
 * type Tables = CoreTables & TablesOf<typeof visits>;
 * const pipeline: Pipeline<Tables> = {
 *   name: "visits",
 *   migrations,
 *   fetch: async () => [],
 *   load: (trx) => loadRecords(trx, { ...targetOf(visits), records: records() }),
 * };
 * const { inserted, updated } = await runPipeline(pipeline, {
 *   database: await openPostgres<Tables>("postgres://localhost/millrace"),
 *   notifier: new ConsoleNotifier(),
 *   onWait: () => console.error("waiting for another run of visits"),
 * });
 * ```
 *
 * @throws RunFailedError after the ledger and the notifier were called
 */
export async function runPipeline<Tables extends CoreTables>(
  pipeline: Pipeline<Tables>,
  options: RunOptions<Tables>,
): Promise<RunReport> {
  const { database } = options;
  const live = database instanceof LiveDatabase ? database : new LiveDatabase(database);
  const work = { ...options, pipeline, live, fetch: once(pipeline.fetch), failedTries: [] };
  try {
    const report = await live.run(async (db) => {
      await migrate(db, pipeline.name, pipeline.migrations);
      const locked = async () => {
        const report = await runLocked(work, db);
        if (report.status === "succeeded" && work.retention !== undefined) {
          await endOldFindings(work.live.db, work.pipeline.name, work.retention, work);
        }
        return report;
      };
      return withRunLock(db, pipeline.name, locked, options.onWait);
    });
    if (report.status === "succeeded") await tell(options, success(report));
    return report;
  } catch (error) {
    if (error instanceof RunFailedError) {
      await tell(options, { ...subjectOf(error.report), status: "failed", text: error.message });
    }
    throw error;
  } finally {
    if (live !== database) await live.closeOpened();
  }
}

async function tell(
  { notifier, onWarning }: Pick<RunOptions<never>, "notifier" | "onWarning">,
  notification: Notification,
): Promise<void> {
  await notifier.notify(notification).catch((error: unknown) => {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    onWarning?.(`the notification could not be sent (the run ${notification.status}): ${reason}`);
  });
}

async function runLocked<Tables extends CoreTables>(work: Work<Tables>, db: Kysely<Tables>): Promise<RunReport> {
  const { pipeline, live, dryRun = false, failedTries, checks = DEFAULT_CHECKS } = work;
  const today = work.today ?? new Date().toISOString().slice(0, 10);
  const started = performance.now();
  const runId = randomUUID();
  const warnings = new Warnings();
  const run: RunContext = {
    runId,
    rejections: new Rejections(),
    warn: (text) => warnings.add(text),
    sources: [],
    checks,
    result: new ResultHash(),
  };
  const report = (status: RunReport["status"], facts: Partial<RunReport> = {}): RunReport => ({
    pipeline: pipeline.name,
    runId,
    status,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    rejected: run.rejections.rows.length,
    dropped: 0,
    sources: run.sources,
    revisions: { total: 0, first: [] },
    warnings: warnings.list(),
    durationMs: Math.round(performance.now() - started),
    ...facts,
  });
  const steps: Steps = { current: "start" };
  try {
    for (const text of failedTries) run.warn(text);
    const dead = await markDeadRuns(db, pipeline.name);
    for (const id of dead) run.warn(`The run ${id} died before it ended; it is marked as failed`);
    await startRun(db, runId, pipeline.name, work.code);
    steps.current = "fetch";
    const sources = await live.inTime(work.fetch);
    steps.current = "load";
    return await live.inTime(() => loadAll({ pipeline, sources, run, dryRun, today, report, steps }, db));
  } catch (thrown) {
    const error = run.isSensitive === true ? withoutValues(thrown) : thrown;
    const isCommitting = error instanceof OutOfTimeError && steps.done !== undefined;
    const cause = isCommitting ? new CommitUnknownError(KEPT, error) : error;
    const settled = await settleRun(live, { pipeline: pipeline.name, runId, cause });
    if (settled.wasKept && steps.done !== undefined) return steps.done;
    const failure = new RunFailedError(steps.current, report("failed"), settled.cause);
    await writeFailure(live, failure, run.rejections.rows);
    failedTries.push(`The run ${runId} was tried again: ${failure.reason}`);
    throw failure;
  }
}

/** What is unknown if the answer to the COMMIT is lost. */
const KEPT = "the run was kept; etl_run has it if so";

interface Steps {
  current: string;
  /** What is kept after the transaction is committed. */
  done?: RunReport;
}

interface Loading<Tables extends CoreTables> {
  readonly pipeline: Pipeline<Tables>;
  readonly sources: readonly Source[];
  readonly run: RunContext;
  readonly dryRun: boolean;
  readonly today: string;
  readonly report: (status: RunReport["status"], facts: Partial<RunReport>) => RunReport;
  readonly steps: Steps;
}

async function loadAll<Tables extends CoreTables>(
  { pipeline, sources, run, dryRun, today, report, steps }: Loading<Tables>,
  db: Kysely<Tables>,
): Promise<RunReport> {
  const load = async (trx: Transaction<Tables>): Promise<RunReport> => {
    const loaded = await pipeline.load(trx, sources, run);
    const { isSensitive = false } = run;
    const revisions = await readRevisions(trx, run.runId, isSensitive);
    const feed = { pipeline: pipeline.name, runId: run.runId, sources: run.sources, today };
    const newestDay = loaded.newest?.date === undefined ? undefined : String(loaded.newest.date);
    const watched = { ...feed, newestDay, rejected: run.rejections.rows.length, isSensitive };
    for (const warning of await watchFeed(trx, watched, run.checks)) run.warn(warning);
    const told = isSensitive ? { ...loaded, newest: undefined } : loaded;
    return report(dryRun ? "dry-run" : "succeeded", { ...told, revisions });
  };
  const finish = async (anyDb: Kysely<Tables>, done: RunReport) => {
    const { status, inserted, updated, unchanged, rejected, dropped, warnings } = done;
    await keepRejectedRows(anyDb, run.runId, run.rejections.rows);
    const counts = { inserted, updated, unchanged, rejected, dropped };
    const end = { status, ...counts, warnings, sources: done.sources, result: run.result.digest() };
    await finishRun(anyDb, run.runId, end);
    return done;
  };
  if (dryRun) return finish(db, await thenRollBack(db, load));
  return inTransaction(db, KEPT, async (trx) => {
    steps.done = await finish(trx, await load(trx));
    return steps.done;
  });
}

async function thenRollBack<Tables, Result>(
  db: Kysely<Tables>,
  work: (trx: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  let worked: { readonly result: Result } | undefined;
  const enough = new Error("rolled back on purpose");
  try {
    return await inTransaction(db, "nothing", async (trx) => {
      worked = { result: await work(trx) };
      throw enough;
    });
  } catch (error) {
    if (error === enough && worked !== undefined) return worked.result;
    throw error;
  }
}

function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let begun: Promise<Result> | undefined;
  return () => {
    begun ??= work();
    return begun;
  };
}

function success(report: RunReport): Notification {
  const text = [describeCounts(report), ...describeWarnings(report)].join("\n");
  return { ...subjectOf(report), status: "succeeded" as const, text };
}

function subjectOf({ pipeline, runId, status }: RunReport) {
  return { pipeline, runId, subject: `millrace ${pipeline}: ${status}` };
}
