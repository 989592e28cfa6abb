import { type Kysely, sql, type Transaction } from "kysely";
import type { RejectedRow } from "../csv/rejected-row";
import type { CoreTables, EtlRunTable, SourceSummary } from "../database/tables";

/** The result of a load, and the number of rejected raw rows. */
export interface LoadReport {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** Rows that were sent and dropped by triggers of the table. */
  readonly dropped: number;
  /** Rows replaced by newer ones, if the table knows which are newer. */
  readonly superseded?: number;
}

/** The end of a run, in the run ledger. */
export interface RunEnd extends Partial<LoadReport> {
  readonly status: Exclude<EtlRunTable["status"], "running">;
  readonly sources: readonly SourceSummary[];
  readonly warnings: readonly string[];
  readonly error?: string;
  /** Like the ledger's. Default: unchanged. */
  readonly result?: string | null;
  readonly code?: string | null;
}

/**
 * Records that a run has begun, once, even if called again: the answer to the first call may have been lost. It begins now, not
 * with its transaction, which may have waited for the end of another run.
 */
export async function startRun<Tables extends CoreTables>(
  db: Kysely<Tables>,
  id: string,
  pipeline: string,
  code?: string,
): Promise<void> {
  await core(db)
    .insertInto("etl_run")
    .values({ id, pipeline, status: "running", started: sql`clock_timestamp()`, code: code ?? null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Records how a run ended; inside the load's transaction, so that counts and records are kept together or not at all.
 */
export async function finishRun<Tables extends CoreTables>(db: Kysely<Tables>, id: string, end: RunEnd): Promise<void> {
  const { sources, warnings, error, ...columns } = end;
  await core(db)
    .updateTable("etl_run")
    .set({
      ...columns,
      // A run that was wrongly marked as dead replaces the mark.
      error: error === undefined ? null : storable(error),
      sources: toJson(sources),
      warnings: toJson(warnings),
      finished: sql`clock_timestamp()`,
    })
    .where("id", "=", id)
    .execute();
  if (end.status === "succeeded") await finishLoads<Tables>(db, id);
}

/**
 * Dates the loads of a run, as the last thing in their transaction: others see their rows only then. The rows that they wrote have the same
 * `xmin`, as one statement wrote both.
 */
export async function finishLoads<Tables extends CoreTables>(db: Kysely<Tables>, run: string): Promise<void> {
  await sql`update load_history set finished = clock_timestamp(), xid = xmin::text::bigint
    where run = ${run} and finished is null`.execute(db);
}

/**
 * Marks runs of the pipeline that never ended as failed. Call it only while the pipeline's lock is held: then no other
 * run is active.
 *
 * @returns the ids of the runs that died
 */
export async function markDeadRuns<Tables extends CoreTables>(db: Kysely<Tables>, pipeline: string): Promise<string[]> {
  const dead = await core(db)
    .updateTable("etl_run")
    .set({
      status: "failed",
      finished: sql`clock_timestamp()`,
      error: "This run died before it ended; nothing of it was kept",
    })
    .where("pipeline", "=", pipeline)
    .where("status", "=", "running")
    .returning("id")
    .execute();
  return dead.map(({ id }) => id);
}

/** Keeps the raw rows that broke their contract, a thousand per statement, and the headers of their sources. */
export async function keepRejectedRows<Tables extends CoreTables>(
  db: Kysely<Tables>,
  run: string,
  rows: readonly RejectedRow[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += 1_000) {
    const values = rows.slice(at, at + 1_000).map(({ source, line = null, offset = null, reason, raw }) => {
      return { run, source, line, byte_offset: offset, reason: storable(reason), raw: storable(raw) };
    });
    await core(db).insertInto("rejected_row").values(values).execute();
  }
  const headers = new Map(rows.flatMap(({ source, header }) => (header === undefined ? [] : [[source, header]])));
  if (headers.size === 0) return;
  await core(db)
    .insertInto("rejected_header")
    .values([...headers].map(([source, header]) => ({ run, source, header: toJson(header) })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** PostgreSQL can store neither NUL in a text nor half a surrogate pair. */
function storable(text: string): string {
  return Buffer.from(text.replaceAll("\0", "\uFFFD")).toString();
}

function toJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? storable(part) : part));
}

/** The shared tables of a database that has more of them: Kysely cannot see through a generic parameter. */
function core<Tables extends CoreTables>(db: Kysely<Tables> | Transaction<Tables>): Kysely<CoreTables> {
  return db as unknown as Kysely<CoreTables>;
}
