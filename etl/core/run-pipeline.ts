import { randomUUID } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import type { Database } from "./database";
import { type Migrations, migrate } from "./migrate";
import type { Notifier, Source } from "./ports";
import { Rejections } from "./rejections";
import { readRevisions } from "./revisions";
import { withRunLock } from "./run-lock";
import { type NewestRecord, RunFailedError, type RunReport } from "./run-report";
import { finishRun, keepRejectedRows, type LoadReport, markDeadRuns, startRun } from "./runs";
import type { CoreTables, SourceSummary } from "./tables";
import { Warnings } from "./warnings";

/** What the steps of a run share. */
export interface RunContext {
  readonly runId: string;
  readonly rejections: Rejections;
  /** Something a person should look at, though nothing is wrong with the run. */
  readonly warn: (warning: string) => void;
  /** What was read so far, for the ledger: kept when the run fails, too. */
  readonly sources: SourceSummary[];
}

/** How a pipeline does its work; {@link runPipeline} does the rest. */
export interface Pipeline<Tables extends CoreTables> {
  readonly name: string;
  readonly migrations: Migrations;
  /** Step `fetch`: makes the sources readable. */
  readonly fetch: () => Promise<readonly Source[]>;
  /** Step `load`: reads the sources and loads them, all inside one transaction. */
  readonly load: (
    trx: Transaction<Tables>,
    sources: readonly Source[],
    run: RunContext,
  ) => Promise<Omit<LoadReport, "rejected"> & { readonly newest?: NewestRecord }>;
}

export interface RunOptions<Tables extends CoreTables> {
  readonly database: Database<Tables>;
  readonly notifier: Notifier;
  /** Do everything, then roll back; the ledger alone keeps the run. Default: false. */
  readonly dryRun?: boolean;
  /** Told when another run of the pipeline holds the lock. */
  readonly onWait: () => void;
}

/**
 * Runs a pipeline once: tables up to date, lock, ledger, fetch, load, notification. The load is one transaction with the
 * ledger's row, so either the whole run is there or none of it.
 *
 * @throws RunFailedError after the ledger and the notifier were told
 */
export async function runPipeline<Tables extends CoreTables>(
  pipeline: Pipeline<Tables>,
  options: RunOptions<Tables>,
): Promise<RunReport> {
  const { db } = options.database;
  await migrate(db, pipeline.name, pipeline.migrations);
  return withRunLock(db, pipeline.name, () => runLocked(pipeline, options, db), options.onWait);
}

async function runLocked<Tables extends CoreTables>(
  pipeline: Pipeline<Tables>,
  { dryRun = false, notifier }: RunOptions<Tables>,
  db: Kysely<Tables>,
): Promise<RunReport> {
  const started = performance.now();
  const runId = randomUUID();
  const warnings = new Warnings();
  const run: RunContext = { runId, rejections: new Rejections(), warn: (text) => warnings.add(text), sources: [] };
  const report = (status: RunReport["status"], facts: Partial<RunReport> = {}): RunReport => ({
    pipeline: pipeline.name,
    runId,
    status,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    rejected: run.rejections.rows.length,
    sources: run.sources,
    revisions: { total: 0, first: [] },
    warnings: warnings.list(),
    durationMs: Math.round(performance.now() - started),
    ...facts,
  });
  let step = "start";
  let done: RunReport;
  try {
    const dead = await markDeadRuns(db, pipeline.name);
    for (const id of dead) run.warn(`The run ${id} died before it ended; it is marked as failed`);
    await startRun(db, runId, pipeline.name);
    step = "fetch";
    const sources = await pipeline.fetch();
    step = "load";
    done = await loadAll(pipeline, db, sources, run, dryRun, report);
  } catch (cause) {
    const failure = new RunFailedError(step, report("failed"), cause);
    await writeFailure(db, failure, run);
    await notifier.notify({ ...subjectOf(failure.report), status: "failed", text: failure.message });
    throw failure;
  }
  if (!dryRun) await notifier.notify(success(done));
  return done;
}

async function loadAll<Tables extends CoreTables>(
  pipeline: Pipeline<Tables>,
  db: Kysely<Tables>,
  sources: readonly Source[],
  run: RunContext,
  dryRun: boolean,
  report: (status: RunReport["status"], facts: Partial<RunReport>) => RunReport,
): Promise<RunReport> {
  const trx = await db.startTransaction().execute();
  try {
    const loaded = await pipeline.load(trx, sources, run);
    const revisions = await readRevisions(trx, run.runId);
    const done = report(dryRun ? "dry-run" : "succeeded", { ...loaded, revisions });
    if (dryRun) await trx.rollback().execute();
    const { status, inserted, updated, unchanged, rejected, warnings } = done;
    const end = { status, inserted, updated, unchanged, rejected, warnings, sources: done.sources };
    await keepRejectedRows(dryRun ? db : trx, run.runId, run.rejections.rows);
    await finishRun(dryRun ? db : trx, run.runId, end);
    if (!dryRun) await trx.commit().execute();
    return done;
  } catch (cause) {
    if (!trx.isCommitted && !trx.isRolledBack)
      await trx
        .rollback()
        .execute()
        .catch(() => undefined);
    throw cause;
  }
}

/** Best effort: where the database itself is lost, the next run marks this one as dead. */
async function writeFailure<Tables extends CoreTables>(
  db: Kysely<Tables>,
  failure: RunFailedError,
  run: RunContext,
): Promise<void> {
  const { inserted, updated, unchanged, rejected, sources, warnings } = failure.report;
  const end = {
    status: "failed",
    inserted,
    updated,
    unchanged,
    rejected,
    sources,
    warnings,
    error: failure.message,
  } as const;
  await db
    .transaction()
    .execute(async (trx) => {
      await keepRejectedRows(trx, failure.report.runId, run.rejections.rows);
      await finishRun(trx, failure.report.runId, end);
    })
    .catch(() => undefined);
}

function success(report: RunReport) {
  const { inserted, updated, unchanged, rejected } = report;
  const counts = `There were ${inserted} inserts and ${updated} updates`;
  return {
    ...subjectOf(report),
    status: "succeeded" as const,
    text: `${counts} (${unchanged} unchanged, ${rejected} rejected)`,
  };
}

function subjectOf({ pipeline, runId, status }: RunReport) {
  return { pipeline, runId, subject: `millrace ${pipeline}: ${status}` };
}
