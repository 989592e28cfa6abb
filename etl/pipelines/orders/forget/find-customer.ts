import { readRows } from "../../../core/csv/rows/read-rows";
import type { Row } from "../../../core/csv/rows/row";
import { unpackByContent } from "../../../core/csv/unpack/unpack";
import { MillraceError } from "../../../core/errors";
import type { ObjectVersion, ObjectVersions } from "../../../core/objects/object-versions";
import type { Bytes } from "../../../core/ports";
import { failureNames, STATE_ITEM } from "../ledger/batch-state";
import { forgottenHash, idsIn } from "../ledger/forgotten";
import { shardItem } from "../ledger/shards";
import { parseBatchFile } from "../records/batch";
import { isAboutMessage, MESSAGES, REJECTED, rejectedRows } from "./objects";

/** Where a customer is. */
export interface CustomerPlaces {
  /** Batches whose ledger has a message about the customer, or names the customer in its reason of failure. */
  readonly ledger: readonly string[];
  /** Messages that lie in the bucket. */
  readonly messages: readonly ObjectVersion[];
  /** Files of rejected rows. */
  readonly rejected: readonly ObjectVersion[];
  /** The partner's own files. */
  readonly files: readonly PartnerFile[];
  /** Batches of these files that would make messages about the customer: their ledger does not say yet to leave them out. */
  readonly unmarked: readonly string[];
}

export interface PartnerFile extends ObjectVersion {
  readonly batch: string;
  /** How many of its rows name the customer; undefined for a file that cannot be read. */
  readonly rows: number | undefined;
}

/** Where it is looked. */
export interface CustomerStores {
  readonly objects: ObjectVersions;
  /** The ledger's items of these names, of all batches. */
  readonly scan: (names: readonly string[]) => AsyncIterable<{ batch: string; name: string; value: string }>;
}

/**
 * Searches for a customer in all data of the pipeline, including all versions of all files.
 *
 * @param prefix of the partners' files
 */
export async function findCustomer(
  { objects, scan }: CustomerStores,
  customer: string,
  prefix: string,
): Promise<CustomerPlaces> {
  const places = {
    ledger: new Set<string>(),
    messages: [] as ObjectVersion[],
    rejected: [] as ObjectVersion[],
    files: [] as PartnerFile[],
  };
  const marked = new Set<string>();
  for await (const item of scan([shardItem(customer), STATE_ITEM])) {
    if (item.name === STATE_ITEM && item.value.includes(forgottenHash(item.batch, customer))) marked.add(item.batch);
    if (namesCustomer(item, customer)) places.ledger.add(item.batch);
  }
  for await (const version of objects.list(MESSAGES)) {
    if (await isAboutMessage(objects, version, customer)) places.messages.push(version);
  }
  for await (const version of objects.list(REJECTED)) {
    if ((await rejectedRows(objects, version, customer)).gone > 0) places.rejected.push(version);
  }
  for await (const version of objects.list(prefix)) {
    const batch = parseBatchFile(version.key);
    if (batch === undefined || isOwn(version.key) || /(^|\/)items_[^/]*$/.test(version.key)) continue;
    const rows = await countRows(await objects.open(version), version.key, customer);
    if (rows !== 0) places.files.push({ ...version, batch: batch.id, rows });
  }
  const unmarked = new Set(places.files.map(({ batch }) => batch).filter((batch) => !marked.has(batch)));
  return { ...places, ledger: [...places.ledger].sort(), unmarked: [...unmarked].sort() };
}

function isOwn(key: string): boolean {
  return key.startsWith(MESSAGES) || key.startsWith(REJECTED);
}

/** An unreadable item counts as naming the customer: the later change of it then reports that it cannot be read. */
function namesCustomer({ name, value }: { readonly name: string; readonly value: string }, customer: string): boolean {
  try {
    const parsed = JSON.parse(value);
    return name === STATE_ITEM
      ? failureNames(parsed.failure, customer)
      : parsed.some(([id]: readonly unknown[]) => id === customer);
  } catch {
    return value.includes(customer);
  }
}

async function countRows(bytes: Bytes, key: string, customer: string): Promise<number | undefined> {
  let count = 0;
  try {
    const take = (row: Row) => {
      const ids = row.broken === undefined ? row.texts : idsIn({ source: key, raw: row.raw });
      if (ids.includes(customer)) count += 1;
    };
    for await (const _ of readRows({ bytes: unpackByContent(bytes, key), source: key }, take));
    return count;
  } catch (error) {
    if (error instanceof MillraceError) return undefined;
    throw error;
  }
}
