import { randomUUID } from "node:crypto";
import type { Transaction } from "kysely";
import type { CoreTables } from "../database/tables";
import { finishRun, startRun } from "../runs/runs";
import { type LeftRow, type RowToMend, sortRows } from "./find-rejected";
import type { MendFile } from "./mend-file";

/** What to mend, and who does it. */
export interface Mending {
  readonly file: MendFile;
  /** Of this machine, or the ARN of an IAM identity. */
  readonly by: string;
  /** Whether rows that are mended are loaded once more, as somebody changed the table since. Default: no. */
  readonly again?: boolean;
  /** Called with the mend's run when only its commit is left: from then on it may be kept. */
  readonly onCommit?: (run: string) => void;
}

export interface MendCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  /** A newer row of the same key was there, or further down in the file: that one stays. */
  readonly superseded: number;
  /** Triggers of the table dropped them. */
  readonly dropped: number;
}

/** What a pipeline did with the rows. */
export interface MendLoad extends MendCounts {
  readonly wrong: readonly (LeftRow & { readonly id: number })[];
  /** Of those that keep the contract, by `rejected_row.id`: what gave way to a newer row. */
  readonly gaveWay: ReadonlySet<number>;
  /** What identifies a row in the table, as far as its texts tell. */
  readonly keyOf: (row: RowToMend) => string;
}

export interface MendReport extends MendCounts {
  /** Null where nothing was mended, and so there was no run. */
  readonly runId: string | null;
  readonly mended: number;
  /** Mended by an earlier run. */
  readonly before: number;
  /** Their source was read again since and has them no more. */
  readonly outdated: number;
  /** Rows that keep the contract and gave way, by line; from AWS the first ones. */
  readonly gaveWay: readonly LeftRow[];
  /** How many rows stay rejected. */
  readonly rejected: number;
  /** They, by line; from AWS the first ones. */
  readonly left: readonly LeftRow[];
}

const NOTHING: MendCounts = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, dropped: 0 };

/** Rolls the transaction back, as nothing was mended: what the report says is left. */
export class NothingMended extends Error {
  constructor(readonly report: MendReport) {
    super("nothing was mended");
  }
}

/**
 * Mends rejected rows as a run of its own, in the caller's transaction: whoever mends the same rows at once must be kept out by a lock.
 *
 * @param load checks the rows and loads those that keep their contract
 * @throws NothingMended with the report
 */
export async function mendRows(
  trx: Transaction<CoreTables>,
  pipeline: string,
  { file, by, again, onCommit }: Mending,
  load: (rows: readonly RowToMend[], run: string) => Promise<MendLoad>,
): Promise<MendReport> {
  const { toMend, before, superseded: outdated, left } = await sortRows(trx, pipeline, file, again);
  const none = { ...NOTHING, runId: null, mended: 0, before, outdated, gaveWay: [], rejected: left.length, left };
  if (toMend.length === 0) throw new NothingMended(none);
  const runId = randomUUID();
  await startRun(trx, runId, pipeline);
  const { wrong, gaveWay, keyOf, ...counts } = await load(toMend, runId);
  const all = [...left, ...wrong.map(({ line, reason }) => ({ line, reason }))].sort((a, b) => a.line - b.line);
  const isWrong = new Set(wrong.map(({ id }) => id));
  const mended = toMend.filter(({ id }) => !isWrong.has(id));
  if (mended.length === 0) throw new NothingMended({ ...none, rejected: all.length, left: all });
  for (let at = 0; at < mended.length; at += 1_000) {
    const rows = mended.slice(at, at + 1_000);
    const noted = rows.map(({ id }) => ({ rejected: id, run: runId, superseded: gaveWay.has(id) }));
    await trx
      .insertInto("mended_row")
      .values(noted)
      .onConflict((conflict) =>
        conflict.column("rejected").doUpdateSet(({ ref }) => ({
          run: ref("excluded.run"),
          superseded: ref("excluded.superseded"),
        })),
      )
      .execute();
  }
  const { name, sha256, bytes } = file;
  const sources = [{ name, location: name, sha256, bytes, rows: file.rows.length }];
  await finishRun(trx, runId, { status: "succeeded", sources, warnings: [], ...counts, rejected: all.length });
  await trx.updateTable("etl_run").set({ mended_by: by }).where("id", "=", runId).execute();
  const gone = mended.filter(({ id }) => gaveWay.has(id));
  const told = gone.map((row) => ({ line: row.corrected.line, reason: toWhat(row, mended, keyOf) }));
  onCommit?.(runId);
  return {
    ...{ ...counts, runId, mended: mended.length - gone.length, before, outdated },
    ...{ gaveWay: told, rejected: all.length, left: all },
  };
}

/** Further down in the file stands what a person must know of: which of two corrections of one key is in the table. */
function toWhat(row: RowToMend, mended: readonly RowToMend[], keyOf: MendLoad["keyOf"]): string {
  const key = keyOf(row);
  const later = mended.findLast((other) => other.source === row.source && keyOf(other) === key);
  return later === undefined || later.id === row.id
    ? "it gave way to a newer row of the same key"
    : `it gave way to line ${later.corrected.line}, which has the same key`;
}

/** What {@link mendRows} reports where it mended nothing. @throws any other error as it is */
export function reportOfNone(error: unknown): MendReport {
  if (error instanceof NothingMended) return error.report;
  throw error;
}
