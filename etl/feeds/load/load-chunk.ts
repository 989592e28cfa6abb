import { sql, type Transaction } from "kysely";
import { areSensitive } from "../../core/contract/column";
import type { Feed } from "../../core/contract/contract";
import { Rejections } from "../../core/csv/rejections";
import type { LiveDatabase } from "../../core/database/live-database";
import { withoutValues } from "../../core/database/without-values";
import type { RangedObjects } from "../../core/objects/objects";
import { finishLoads, keepRejectedRows } from "../../core/runs/runs";
import { fingerprintOf } from "../ledger/fingerprint";
import { limitSetting } from "../ledger/judge-objects";
import { renewLease } from "../ledger/lease";
import type { FeedTables } from "../ledger/tables";
import type { ChunkCounts, FeedChunk } from "../run/events";
import { withGrants } from "../target/missing-grants";
import { CallTime } from "./call-time";
import { claimChunk } from "./claim-chunk";
import { isPart } from "./read-chunk";
import { keepRefusal, refusalOf } from "./refusal";
import { openTarget, type StagedChunk, stageChunk, writeStaged } from "./stage-chunk";
import { inTransactionAgain, mayPass } from "./try-again";

export interface ChunkOptions {
  readonly runId: string;
  readonly chunk: FeedChunk;
  readonly contract: Feed;
  readonly objects: RangedObjects;
  /** Called with the number of bytes of the chunk read so far, unpacked. Default: not called. */
  readonly onBytes?: (done: number) => void;
  /**
   * The remaining time of this call, in milliseconds: a whole object is given up after 80 % of it. Default: unlimited.
   */
  readonly remainingMs?: () => number;
  /** Which code runs, for the ledger. Default: unknown. */
  readonly code?: string;
}

/**
 * Loads a chunk: reads its rows, stages and upserts them, keeps the rejected ones, and records it in the ledger, all in
 * one transaction, tried again if that may help. A chunk that the run's ledger has already is not loaded again: its
 * recorded counts are returned.
 *
 * A fault of the object itself throws nothing, so that the others are loaded: the ledger has the reason, and the run
 * fails at its end. Nothing of the chunk is loaded then. The same holds for an object of one chunk that has more
 * rejected rows than the contract allows.
 *
 * @throws DatabaseError if the database fails, TransientSourceError if the object's store fails. Nothing of the chunk
 * is kept then.
 */
export async function loadChunk(live: LiveDatabase<FeedTables>, options: ChunkOptions): Promise<ChunkCounts> {
  const kept = "the chunk was kept; import_chunk has it if so, and the next run counts it";
  const isSensitive = areSensitive(options.contract.columns);
  await live.run((db) => renewLease(db, options.runId), mayPass);
  const { chunk, objects, remainingMs } = options;
  const time = remainingMs === undefined || isPart(chunk) ? undefined : new CallTime(chunk, objects, remainingMs());
  const undone = isPart(chunk) ? "nothing of this part of the object" : "nothing of the object";
  let rejections = new Rejections(undone);
  const load = (trx: Transaction<FeedTables>, asked: () => void) => {
    rejections = new Rejections(undone);
    return loadOnce(trx, { ...options, rejections, asked, time });
  };
  return inTransactionAgain(live, kept, load).catch(async (thrown: unknown) => {
    const error = isSensitive ? withoutValues(thrown) : thrown;
    const refusal = refusalOf(error);
    if (refusal === undefined) throw await withGrants(live.db, options.contract, error);
    return keepRefusal(live, options, refusal, rejections);
  });
}

interface Try extends ChunkOptions {
  readonly rejections: Rejections;
  readonly asked: () => void;
  readonly time: CallTime | undefined;
}

async function loadOnce(trx: Transaction<FeedTables>, options: Try): Promise<ChunkCounts> {
  const { runId, chunk, contract, rejections, asked, time } = options;
  const started = performance.now();
  await noticeDeadWorkers(trx);
  const known = await claimChunk(trx, runId, chunk);
  if (known !== undefined) return known;
  asked();
  const target = await openTarget(trx, contract);
  const { objects } = options;
  const onBytes = (done: number, rows: number) => {
    time?.check(rows);
    options.onBytes?.(done);
  };
  const staged = await stageChunk(trx, { contract, objects, chunk, rejections, onBytes });
  if (!isPart(chunk)) {
    const { maxRejected = { rows: 0 } } = contract;
    rejections.check(maxRejected, staged.rows + rejections.rows.length, limitSetting(contract.name));
  }
  const written = await writeStaged(trx, staged, target, {
    ...{ contract, object: chunk.object, source: objects.locate(chunk.key), run: runId, time },
  });
  await keepRejectedRows<FeedTables>(trx, runId, rejections.rows);
  const rejected = rejections.rows.length;
  const counts = { ...written, rows: staged.rows + rejected, rejected };
  await trx
    .updateTable("import_chunk")
    .set({
      ...counts,
      ...columnsOf(chunk, staged),
      fingerprint: fingerprintOf(contract),
      code: options.code ?? null,
      result: staged.result,
      seconds: (performance.now() - started) / 1000,
      finished: sql`clock_timestamp()`,
    })
    .where("run", "=", runId)
    .where("object", "=", chunk.object)
    .where("first", "=", chunk.start)
    .execute();
  await replaceChunks(trx, runId, chunk);
  await renewLease(trx, runId);
  await finishLoads<FeedTables>(trx, runId);
  return counts;
}

/** Earlier loads of these bytes no longer count: an object's rejected rows are added up over its chunks. */
async function replaceChunks(trx: Transaction<FeedTables>, run: string, { object, start, end }: FeedChunk) {
  await sql`update import_chunk set lost = true where object = ${object} and first >= ${start} and past <= ${end}
    and not lost and not (run = ${run} and first = ${start})`.execute(trx);
}

/** The object's columns, for later runs. */
function columnsOf({ start }: FeedChunk, { rows, tally: { header, empty = [] } }: StagedChunk) {
  if (rows === 0) return {};
  return { header: start === 0 && header !== undefined ? JSON.stringify(header) : null, empty: JSON.stringify(empty) };
}

/** A worker that disappears must not hold its locks for the hours until TCP notices. */
async function noticeDeadWorkers(trx: Transaction<FeedTables>): Promise<void> {
  await sql`select set_config('tcp_keepalives_idle', '30', true), set_config('tcp_keepalives_interval', '10', true),
    set_config('tcp_keepalives_count', '3', true), set_config('idle_in_transaction_session_timeout', '120s', true)`.execute(
    trx,
  );
}
