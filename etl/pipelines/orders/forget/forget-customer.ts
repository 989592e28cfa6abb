import { randomUUID } from "node:crypto";
import type { LedgerStore } from "../../../core/objects/ledger-store";
import type { ObjectVersion, ObjectVersions } from "../../../core/objects/object-versions";
import { BatchStateItem } from "../ledger/batch-state";
import { type Clock, withLease } from "../ledger/lease";
import { CustomerShards, shardOf } from "../ledger/shards";
import type { CustomerPlaces } from "./find-customer";
import { isAboutMessage, MESSAGES, REJECTED, rejectedRows } from "./objects";

/** Time limit for waiting for a worker on a batch. */
const PATIENCE_MS = 60_000;

/** What was removed. */
export interface Removed {
  /** Batches whose ledger had a message about the customer. */
  readonly ledger: number;
  /** Versions of messages that lay in the bucket. */
  readonly messages: number;
  /** Rows of the files of rejected rows as they are now. */
  readonly rejectedRows: number;
  /** Versions of such files. */
  readonly rejectedVersions: number;
}

export interface ForgetPorts {
  readonly ledger: LedgerStore;
  readonly objects: ObjectVersions;
  readonly clock: Clock;
}

/** The batches that something was found of. */
export function batchesOf({ ledger, messages, rejected, files }: CustomerPlaces): readonly string[] {
  const of = ({ key }: ObjectVersion) => key.slice(key.indexOf("/") + 1, key.lastIndexOf("/"));
  return [...new Set([...ledger, ...messages.map(of), ...rejected.map(of), ...files.map(({ batch }) => batch)])].sort();
}

/**
 * Removes a customer from one batch's ledger, messages and rejected rows, in all versions, while no worker processes
 * the batch. The ledger first records that the customer is forgotten, so no later worker sends a message about them.
 *
 * @throws BatchBusyError if a worker processes it all the time; nothing was removed then
 */
export function forgetInBatch(batch: string, customer: string, ports: ForgetPorts): Promise<Removed> {
  const { ledger, objects, clock } = ports;
  const claim = { owners: [randomUUID()], until: clock.now() + PATIENCE_MS, clock };
  return withLease(ledger, batch, claim, async () => {
    await (await BatchStateItem.read(ledger, batch)).writeForgotten(customer);
    const shards = await CustomerShards.read(ledger, batch);
    const wasThere = shards.delete(customer);
    if (wasThere) await shards.write(shardOf(customer));
    let messages = 0;
    for (const version of await listAll(objects, `${MESSAGES}${batch}/`)) {
      if (!(await isAboutMessage(objects, version, customer))) continue;
      await objects.remove(version);
      messages += 1;
    }
    return { ledger: wasThere ? 1 : 0, messages, ...(await rewriteRejected(batch, customer, objects)) };
  });
}

/** The current object is written again without the customer; each version that names the customer is deleted. */
async function rewriteRejected(batch: string, customer: string, objects: ObjectVersions) {
  const removed = { rejectedRows: 0, rejectedVersions: 0 };
  for (const version of await listAll(objects, `${REJECTED}${batch}/`)) {
    const { gone, text } = await rejectedRows(objects, version, customer);
    if (gone === 0) continue;
    if (version.isNewest) {
      await objects.put(version.key, text, "text/csv; charset=utf-8");
      removed.rejectedRows += gone;
    }
    await objects.remove(version);
    removed.rejectedVersions += 1;
  }
  return removed;
}

async function listAll(objects: ObjectVersions, prefix: string): Promise<readonly ObjectVersion[]> {
  const found: ObjectVersion[] = [];
  for await (const version of objects.list(prefix)) found.push(version);
  return found;
}
