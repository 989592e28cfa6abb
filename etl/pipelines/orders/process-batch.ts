import { Rejections } from "../../core/csv/rejections";
import type { ObjectStore, StoredObject } from "../../core/objects/objects";
import { DEFAULT_CHECKS } from "../../core/watch/feed-checks";
import { type BatchState, BatchStateItem } from "./ledger/batch-state";
import { Forgotten } from "./ledger/forgotten";
import { areSameFiles, describeFiles, type SeenFiles } from "./ledger/seen-files";
import { keepSend, sendAfter } from "./ledger/sends";
import { CustomerShards } from "./ledger/shards";
import { rejectedKey, writeRejected } from "./messages/rejected-report";
import { sendBatch } from "./messages/send-batch";
import { describeSent, failureOf, notify } from "./notification";
import type { OrdersPorts } from "./orders-ports";
import type { BatchOutcome } from "./outcome";
import { type Batch, KINDS, type Kind, keysOf } from "./records/batch";
import { type BatchFiles, type ReadBatch, readBatch } from "./records/read-batch";
import { sendUndo } from "./undo/undo-batch";
import { type BatchChecks, UsualBatches, type WatchedBatch } from "./usual";
import { type Worker, withBatch } from "./with-batch";

/**
 * Checks which files of a batch exist now and, if all three do, sends the messages that the ledger does not have yet.
 * Events only trigger the check: in any order and number, only the bucket's content counts.
 *
 * @throws the cause of a failure; the ledger is then unchanged, or also has what was about to be sent
 */
export function processBatch(batch: Batch, ports: OrdersPorts, worker: Worker): Promise<BatchOutcome> {
  const { checks = DEFAULT_CHECKS } = worker;
  return withBatch(batch.id, ports, worker, () => lookAt(batch, ports, checks));
}

async function lookAt(batch: Batch, ports: OrdersPorts, checks: BatchChecks): Promise<BatchOutcome> {
  const files = await findFiles(batch, ports.objects);
  const item = await BatchStateItem.read(ports.ledger, batch.id);
  const seen = describeFiles(files);
  if (!isComplete(files)) {
    const isNews = item.state?.state !== "waiting" || hasFailed(item) || !areSameFiles(item.state.files, seen);
    const { rejected = 0, undo } = item.state ?? {};
    if (isNews) await item.write({ state: "waiting", files: seen, rejected, undo, changed: now() });
    return { batch: batch.id, status: "waiting", missing: KINDS.filter((kind) => files[kind] === undefined) };
  }
  const { state } = item;
  const isSent = state?.state === "sent" && state.unkept !== true && areSameFiles(state.files, seen);
  const isUndone = isWithdrawn(state, seen);
  if (isUndone && state.undo !== undefined) return sendUndo(state.undo, item, ports);
  if (isSent || isUndone) {
    if (state.state !== "sent" || hasFailed(item)) {
      await item.write({ ...state, state: "sent", files: seen, failure: undefined, changed: now() });
    }
    return { batch: batch.id, status: "unchanged" };
  }
  return send({ batch, files, item, checks }, ports);
}

interface Sending {
  readonly batch: Batch;
  readonly files: BatchFiles;
  readonly item: BatchStateItem;
  readonly checks: BatchChecks;
}

async function send({ batch, files, item, checks }: Sending, ports: OrdersPorts): Promise<BatchOutcome> {
  const rejections = new Rejections();
  const { records, read } = await readBatch(files, ports.objects, rejections);
  const rows = { customers: read.customers.rows, orders: read.orders.rows, items: read.items.rows };
  const forgotten = new Forgotten(batch.id, item.state?.forgotten);
  const rejectedRows = rejections.rows.filter((row) => !forgotten.isIn(row));
  const rejected = rejectedRows.length;
  const before = item.state?.rejected ?? 0;
  const seen = describeFiles(files, rows);
  const usual = await UsualBatches.read(ports.ledger, batch);
  const watched = watchedBatch(files, read, rejected);
  const notes = usual.watch(watched, checks);
  const shards = await CustomerShards.read(ports.ledger, batch.id);
  const report = await sendBatch(batch.id, records, shards, ports, {
    forgotten,
    begin: () => item.write({ state: "sending", files: seen, rejected: before, withdrawn: undefined, changed: now() }),
  });
  const isReported = rejected > 0 || before > 0;
  const unkept = isReported
    ? await failureOf(() => writeRejected(batch.id, seen, rejectedRows, ports.objects))
    : undefined;
  const where = ports.objects.locate(rejectedKey(batch.id, "rows.csv"));
  const all = unkept === undefined ? `All: ${where}` : `The rejected rows could not be kept: ${unkept}`;
  const told = describeSent({ batch: batch.id, ...report, rejected }, rejectedRows[0], all, notes);
  const untold = await failureOf(() => notify(ports, told));
  await item.write({
    ...{ state: "sent", files: seen, withdrawn: undefined, send: await keepOrCount(batch, seen, item, ports) },
    rejected,
    unkept: unkept === undefined ? undefined : true,
    changed: now(),
  });
  // Best effort: only warnings hang on it.
  await usual.keep(watched).catch(() => undefined);
  const warnings = [
    ...(unkept === undefined ? [] : [`the rejected rows could not be kept: ${unkept}`]),
    ...(untold === undefined ? [] : [`the notification could not be sent (the batch is sent): ${untold}`]),
  ];
  return { batch: batch.id, status: "sent", ...report, rejected, rows, notes, warnings };
}

/** The send of these files: another one than the last, unless only their rejected rows were to be kept. */
async function keepOrCount({ id }: Batch, files: SeenFiles, { newestSend }: BatchStateItem, { ledger }: OrdersPorts) {
  if (newestSend === undefined) return sendAfter(undefined, { files });
  if (newestSend.files !== undefined && areSameFiles(newestSend.files, files)) return newestSend;
  await keepSend(ledger, id, newestSend);
  return sendAfter(newestSend, { files });
}

/** Whether the messages of these files were undone, or some of them: then the undo has not come to its end. */
function isWithdrawn(state: BatchState | undefined, files: SeenFiles): state is BatchState {
  return state?.withdrawn !== undefined && areSameFiles(state.withdrawn, files);
}

function watchedBatch(files: BatchFiles, read: ReadBatch["read"], rejected: number): WatchedBatch {
  const of = (kind: Kind) => {
    const { rows, header = [], empty = [] } = read[kind];
    return { bytes: files[kind].bytes, rows, header, empty };
  };
  return { files: { customers: of("customers"), orders: of("orders"), items: of("items") }, rejected };
}

function hasFailed({ state }: BatchStateItem): boolean {
  return state?.failure !== undefined;
}

/** The newest file of each kind; of a plain and a packed one from the same second, the plain one. */
async function findFiles(batch: Batch, objects: ObjectStore): Promise<Partial<BatchFiles>> {
  const found = await Promise.all(
    KINDS.map(async (kind): Promise<[Kind, StoredObject | undefined]> => {
      const [plain, packed] = await Promise.all(keysOf(batch, kind).map((key) => objects.head(key)));
      const isPackedNewer = (packed?.lastModified.getTime() ?? 0) > (plain?.lastModified.getTime() ?? 0);
      return [kind, isPackedNewer ? packed : plain];
    }),
  );
  return Object.fromEntries(found.filter(([, file]) => file !== undefined));
}

function isComplete(files: Partial<BatchFiles>): files is BatchFiles {
  return KINDS.every((kind) => files[kind] !== undefined);
}

function now(): string {
  return new Date().toISOString();
}
