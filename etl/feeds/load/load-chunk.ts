import { sql, type Transaction } from "kysely";
import { areSensitive } from "../../core/contract/column";
import type { Feed } from "../../core/contract/contract";
import { SOURCE_OFFSET } from "../../core/contract/schema/names";
import type { ReadTally } from "../../core/csv/check-rows";
import { Rejections } from "../../core/csv/rejections";
import type { Row } from "../../core/csv/rows/row";
import type { SourceColumns } from "../../core/csv/source-columns";
import type { LiveDatabase } from "../../core/database/live-database";
import { withoutValues } from "../../core/database/without-values";
import { type KeyColumnType, KeyOrder, type KeySpan } from "../../core/load/key-order";
import { cutStage } from "../../core/load/pieces";
import { copyIntoStage, createStage, dropDuplicates, dropStage, tuneForLoad } from "../../core/load/stage";
import { readHabits, refuseUnwritable } from "../../core/load/table-habits";
import type { RangedObjects } from "../../core/objects/objects";
import { keepRejectedRows } from "../../core/runs/runs";
import { fingerprintOf } from "../ledger/fingerprint";
import { limitSetting } from "../ledger/judge-objects";
import { renewLease } from "../ledger/lease";
import type { FeedTables } from "../ledger/tables";
import type { ChunkCounts, FeedChunk } from "../run/events";
import { nameTarget } from "../target/target-name";
import { CallTime } from "./call-time";
import { claimChunk } from "./claim-chunk";
import { encodeChunk, isPart } from "./read-chunk";
import { keepRefusal, refusalOf } from "./refusal";
import { writeStage } from "./refused-row";
import { inTransactionAgain, mayPass } from "./try-again";
import { upsertNewest } from "./upsert-newest";

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
  return inTransactionAgain(live, kept, load).catch((thrown: unknown) => {
    const error = isSensitive ? withoutValues(thrown) : thrown;
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
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
  const key = contract.key;
  const columns = Object.keys(contract.columns).filter((column) => !key.includes(column));
  const name = await nameTarget(trx, contract.table);
  const habits = await readHabits<FeedTables>(trx, contract.table);
  refuseUnwritable(contract.table, habits);
  const staged = await stageChunk(trx, options);
  if (!isPart(chunk)) {
    const { maxRejected = { rows: 0 } } = contract;
    rejections.check(maxRejected, staged.rows + rejections.rows.length, limitSetting(contract.name));
  }
  const duplicates = staged.inOrder ? 0 : await dropDuplicates(trx, key);
  const target = { table: contract.table, key, columns };
  const pieces = await cutStage(trx, target, staged.rows, staged.span);
  const write = (isWhole: boolean) =>
    upsertNewest(trx, target, {
      ...{ object: chunk.object, pieces: isWhole ? pieces : undefined, habits, name },
      run: contract.revisions === true ? runId : undefined,
    });
  await time?.limit(trx, staged.rows);
  const writing = writeStage(trx, { contract, source: options.objects.locate(chunk.key) }, write);
  const written = await writing.catch((error: unknown) => {
    throw time?.explainWriting(error, staged.rows) ?? error;
  });
  await time?.release(trx);
  await dropStage(trx);
  await keepRejectedRows<FeedTables>(trx, runId, rejections.rows);
  const { inserted, updated, dropped, altered } = written;
  const superseded = written.superseded + duplicates;
  const counts = {
    rows: staged.rows + rejections.rows.length,
    inserted,
    updated,
    unchanged: staged.rows - inserted - updated - superseded - dropped,
    superseded,
    rejected: rejections.rows.length,
    dropped,
    altered,
  };
  await trx
    .updateTable("import_chunk")
    .set({
      ...counts,
      ...columnsOf(chunk, staged),
      fingerprint: fingerprintOf(contract),
      seconds: (performance.now() - started) / 1000,
      finished: sql`clock_timestamp()`,
    })
    .where("run", "=", runId)
    .where("object", "=", chunk.object)
    .where("first", "=", chunk.start)
    .execute();
  await replaceChunks(trx, runId, chunk);
  await renewLease(trx, runId);
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

interface StagedChunk {
  readonly rows: number;
  readonly inOrder: boolean;
  readonly span: KeySpan | undefined;
  readonly tally: ReadTally;
}

async function stageChunk(
  trx: Transaction<FeedTables>,
  { contract, objects, chunk, rejections, time, ...options }: Try,
): Promise<StagedChunk> {
  const columns = [...Object.keys(contract.columns), SOURCE_OFFSET];
  await tuneForLoad(trx);
  const types = await createStage(trx, contract.table, columns);
  let rows = 0;
  let order: KeyOrder<string, Row> | undefined;
  const tally: ReadTally = { rows: 0 };
  const see = (row: Row, of: SourceColumns) => {
    rows += 1;
    order ??= new KeyOrder(contract.key, types, (column) => keyReader(column, of, types));
    if (order.strictlyIncreasing) order.see(row, rows);
  };
  const onBytes = (done: number) => {
    time?.check(rows);
    options.onBytes?.(done);
  };
  await copyIntoStage(trx, columns, encodeChunk({ contract, objects, chunk, rejections, tally, see, onBytes }));
  return { rows, inOrder: order?.strictlyIncreasing !== false, span: order?.span, tally };
}

/** A field as {@link KeyOrder} compares it: whole numbers as numbers, all others as text. */
function keyReader(name: string, columns: SourceColumns, types: ReadonlyMap<string, KeyColumnType>) {
  const column = columns.all.find((known) => known.name === name);
  const at = column?.at ?? -1;
  // With marks between its digits, the text is not a number.
  const isNumber = types.get(name)?.type.startsWith("int") === true && column?.rewrite === undefined;
  return (row: Row) => (isNumber ? row.number(at) : row.text(at));
}
