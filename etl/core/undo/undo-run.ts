import { randomUUID } from "node:crypto";
import { sql, type Transaction } from "kysely";
import type { CoreTables } from "../database/tables";
import { finishRun, startRun } from "../runs/runs";
import { type Conflict, readConflicts } from "./conflicts";
import { findLoads, type ToUndo } from "./find-loads";
import { requireTable } from "./no-table";
import { plan, planUndo, type UndoTarget } from "./plan-undo";
import { refuseHabits } from "./refuse-habits";
import { type Stamp, type UndoCounts, writeUndo } from "./write-undo";

/** What to undo, who does it, and how. */
export interface Undo extends ToUndo {
  /** Of this machine, or the ARN of an IAM identity. */
  readonly by: string;
  /** Leave rows that were changed since as they are. Default: then nothing is undone. */
  readonly skipConflicts?: boolean;
  /** Called with the undo's run when only its commit is left: from then on it may be kept. */
  readonly onCommit?: (run: string) => void;
}

/** What a pipeline knows of its tables. */
export interface UndoneTable {
  /** Columns that say where a row came from. Default: none. */
  readonly origin?: readonly string[];
  /** Their values in restored rows. Default: no such columns. */
  readonly stamp?: (run: string) => Promise<Stamp>;
  /** Whether no value of a row may be shown: then conflicts are only counted. Default: false. */
  readonly isSensitive?: boolean;
}

export interface UndoReport extends UndoCounts {
  /** Null where nothing was undone, and so there was no run. */
  readonly runId: string | null;
  /** The runs that were undone, the newest first. */
  readonly undone: readonly string[];
  /** Rows that somebody changed since: all of them. */
  readonly conflicts: number;
  /** Those of them that no run changed: an undo of later runs does not help. A version before 2026-11-30 does not count them. */
  readonly bySomebodyElse?: number;
  /** The first of them. */
  readonly shown: readonly Conflict[];
}

/** Rolls the transaction back, as nothing was undone: what the report says is in conflict. */
export class NothingUndone extends Error {
  constructor(readonly report: UndoReport) {
    super("nothing was undone");
  }
}

/**
 * Undoes runs as a run of its own, in the caller's transaction: other runs of the pipeline must be kept out by a lock.
 *
 * @throws NothingUndone with the report; UsageError where it cannot be undone
 */
export async function undoRuns(trx: Transaction<CoreTables>, undo: Undo, table: UndoneTable = {}): Promise<UndoReport> {
  const { runs, tables } = await findLoads(trx, undo);
  const runId = randomUUID();
  const { origin = [] } = table;
  await startRun(trx, runId, undo.pipeline);
  const sum = { restored: 0, removed: 0, inserted: 0, conflicts: 0, bySomebodyElse: 0 };
  const shown: Conflict[] = [];
  const stamp = (await table.stamp?.(runId)) ?? {};
  for (const loads of tables) {
    const target: UndoTarget = { ...loads, runs, origin };
    await requireTable(trx, target.table);
    await planUndo(trx, target);
    const found = await readConflicts(trx, target);
    sum.conflicts += found.total;
    sum.bySomebodyElse += found.bySomebodyElse;
    if (table.isSensitive !== true) shown.push(...found.first);
    await refuseHabits(trx, target.table);
    if (found.total === 0 || undo.skipConflicts === true) {
      const counts = await writeUndo(trx, target, runId, stamp);
      for (const count of Object.keys(counts) as (keyof UndoCounts)[]) sum[count] += counts[count];
    }
    await sql`drop table ${plan}`.execute(trx);
  }
  const isBlocked = sum.conflicts > 0 && undo.skipConflicts !== true;
  if (isBlocked || sum.restored + sum.removed + sum.inserted === 0) {
    const none = isBlocked ? { restored: 0, removed: 0, inserted: 0 } : {};
    throw new NothingUndone({ ...sum, ...none, shown, runId: null, undone: runs });
  }
  const { restored, removed, inserted } = sum;
  await finishRun(trx, runId, { status: "succeeded", sources: [], warnings: [], inserted, updated: restored });
  await sql`update etl_run set mended_by = ${undo.by}, removed = ${removed}, undoes = ${sql.val(runs)}::uuid[],
    unchanged = 0, rejected = 0 where id = ${runId}`.execute(trx);
  // What an undone run had mended is open again.
  await sql`delete from mended_row where run = any(${sql.val(runs)}::uuid[])`.execute(trx);
  undo.onCommit?.(runId);
  return { ...sum, shown, runId, undone: runs };
}

/** What {@link undoRuns} reports where it undid nothing. @throws any other error as it is */
export function reportOfNothing(error: unknown): UndoReport {
  if (error instanceof NothingUndone) return error.report;
  throw error;
}
