import type { ObjectStore } from "../../../core/objects/objects";
import { messageBytes, type Outbox, type OutgoingMessage } from "../../../core/objects/outbox";
import type { Forgotten } from "../ledger/forgotten";
import { type CustomerShards, type LastMessage, SHARDS, shardOf } from "../ledger/shards";
import type { BatchRecords } from "../records/batch-records";
import { composeBody, composeMessage, composePointer, hashBody } from "./message";

/** Customers per wave: at most these messages are sent again after a worker died. */
const WAVE = 1_000;

/** How the customers of a batch fared. */
export interface SendReport {
  /** Customers who had no message before. */
  readonly first: number;
  /** Customers whose message changed: they got a higher version. */
  readonly corrected: number;
  /** Customers whose message an earlier worker was about to send: sent (again), unchanged. */
  readonly repeated: number;
  readonly unchanged: number;
  /** Customers of the files who were forgotten on request: no message is sent about them. */
  readonly forgotten: number;
  /** Customers of an earlier message who are no longer in the files; no message is sent for them. */
  readonly missing: number;
}

export const NOTHING_SENT: SendReport = { first: 0, corrected: 0, repeated: 0, unchanged: 0, forgotten: 0, missing: 0 };

/** Whom messages are sent about, and what is called for it. */
export interface Sending {
  readonly forgotten?: Forgotten;
  /** Customers whom nothing is sent about, and who are not counted. Default: none. */
  readonly isLeftOut?: (customer: string) => boolean;
  /** Called before the first message, if there is one. */
  readonly begin: () => Promise<void>;
}

export interface SendPorts {
  readonly outbox: Outbox;
  readonly objects: Pick<ObjectStore, "name" | "put">;
}

/**
 * Sends what the ledger does not have yet, in waves. For each wave the ledger first records what is about to be sent
 * (version and content), then all is sent, then the ledger records that it was. So after a crash the same content is
 * sent under the same version, and other content only under a higher one.
 *
 * @throws LedgerConflictError if another worker processes the batch; nothing of the wave was sent then
 */
export async function sendBatch(
  batch: string,
  records: BatchRecords,
  shards: CustomerShards,
  ports: SendPorts,
  { forgotten, isLeftOut, begin }: Sending,
): Promise<SendReport> {
  const known = shards.size;
  const report = { first: 0, corrected: 0, repeated: 0, unchanged: 0, forgotten: 0 };
  let hasBegun = false;
  for (const wave of cutWaves(records)) {
    const pending: Pending[] = [];
    for (const customer of wave) {
      const { id } = records.customer(customer);
      if (isLeftOut?.(id) === true) continue;
      if (forgotten?.has(id) === true) {
        report.forgotten += 1;
        continue;
      }
      const body = composeBody(records, customer);
      const hash = hashBody(body);
      const last = shards.last(id);
      const fate = fateOf(last, hash);
      report[fate] += 1;
      if (fate === "unchanged") continue;
      const version = versionAfter(last, fate);
      pending.push({ id, version, hash, message: composeMessage({ batch, customer: id, version, body, hash }) });
    }
    if (pending.length === 0) continue;
    if (!hasBegun) {
      await begin();
      await shards.keepTogether();
      hasBegun = true;
    }
    await write(shards, pending, false);
    await ports.outbox.send(await Promise.all(pending.map((one) => fitToQueue(batch, one, ports))));
    await write(shards, pending, true);
  }
  return { ...report, missing: known - report.corrected - report.repeated - report.unchanged };
}

interface Pending {
  readonly id: string;
  readonly version: number;
  readonly hash: string;
  readonly message: OutgoingMessage;
}

function fateOf(last: LastMessage | undefined, hash: string) {
  if (last === undefined) return "first";
  if (last.hash !== hash) return "corrected";
  return last.isSent ? "unchanged" : "repeated";
}

/** Of the message that is sent about content with this hash; null if none is, as it is the last one that was sent. */
export function nextVersion(last: LastMessage | undefined, hash: string): number | null {
  const fate = fateOf(last, hash);
  return fate === "unchanged" ? null : versionAfter(last, fate);
}

/** What was written down and perhaps never sent goes out under its own version. */
function versionAfter(last: LastMessage | undefined, fate: ReturnType<typeof fateOf>): number {
  return (last?.version ?? 0) + (fate === "repeated" ? 0 : 1);
}

async function write(shards: CustomerShards, pending: readonly Pending[], isSent: boolean): Promise<void> {
  for (const { id, version, hash } of pending) shards.set(id, { version, hash, isSent });
  await Promise.all([...new Set(pending.map(({ id }) => shardOf(id)))].map((shard) => shards.write(shard)));
}

/** A message that is too large for the queue goes to the bucket, and one that points to it to the queue. */
async function fitToQueue(
  batch: string,
  { id, message }: Pending,
  { outbox, objects }: SendPorts,
): Promise<OutgoingMessage> {
  if (messageBytes(message) <= (await outbox.maxBytes())) return message;
  const key = `messages/${batch}/${message.deduplication}.json`;
  await objects.put(key, message.body, "application/json");
  return composePointer(message, id, { bucket: objects.name, key });
}

/**
 * All customers, shard by shard, so that a wave writes few shards and each shard is of one wave; inside a wave in the
 * order of their file.
 */
function* cutWaves(records: BatchRecords): Generator<readonly number[]> {
  const byShard: number[][] = Array.from({ length: SHARDS }, () => []);
  for (let customer = 0; customer < records.customers; customer += 1) {
    byShard[shardOf(records.customer(customer).id)]?.push(customer);
  }
  let wave: number[] = [];
  for (const [shard, customers] of byShard.entries()) {
    wave = wave.concat(customers);
    if (wave.length < WAVE && shard < SHARDS - 1) continue;
    yield wave.sort((a, b) => a - b);
    wave = [];
  }
}
