import { UsageError } from "../../../core/errors";
import type { LedgerStore } from "../../../core/objects/ledger-store";
import type { ObjectStore } from "../../../core/objects/objects";
import { BatchStateItem } from "../ledger/batch-state";
import { Forgotten } from "../ledger/forgotten";
import { readSends, type Send, type Undo } from "../ledger/sends";
import { CustomerShards } from "../ledger/shards";
import { composeBody } from "../messages/message";
import { nextVersion } from "../messages/send-batch";
import { compareIds } from "../records/id-order";
import { type BatchContent, Contents, changedCustomers } from "./contents";
import { nothingSent } from "./undo-batch";

/** Which send is to be undone, as a user says it. */
export interface WantedUndo {
  readonly batch: string;
  /** Default: the newest, if it is no undo. */
  readonly send?: number;
  readonly cascade: boolean;
}

/** A customer whose message an undo would change. */
export interface UndoneCustomer {
  readonly customer: string;
  /** Bodies: the one sent last, and the one that the undo sends. Null where the files have no such customer. */
  readonly now: string | null;
  readonly before: string | null;
  /** Of the message that is sent. Null if none is. */
  readonly version: number | null;
}

/** A customer whom the undone send changed, and a later one. */
export interface ConflictingCustomer {
  readonly customer: string;
  /** Bodies before the undone send, after it, and now. */
  readonly before: string | null;
  readonly after: string | null;
  readonly now: string | null;
}

/** What an undo would do. */
export interface UndoPlan extends Pick<Undo, "batch" | "send" | "newest" | "cascade"> {
  /** How many messages it sends. */
  readonly messages: number;
  /** Customers who had no message before: none can be sent about them. */
  readonly unsent: number;
  readonly conflicts: number;
  /** The first of each, by their ids. */
  readonly shown: readonly UndoneCustomer[];
  readonly shownConflicts: readonly ConflictingCustomer[];
}

/** So many are listed. */
const SHOWN = 20;
const NAME = /^(.*\d{8})(?:@(\d{1,9}))?$/s;

/** @param name `acme/20230828`, or with a send's number `acme/20230828@2` @throws UsageError for another */
export function parseSendName(name: string): Omit<WantedUndo, "cascade"> {
  const [, batch, send] = NAME.exec(name) ?? [];
  if (batch !== undefined) return { batch, ...(send !== undefined && { send: Number(send) }) };
  throw new UsageError("This is not the name of a batch", {
    got: JSON.stringify(name),
    expected: "its prefix and date, like acme/20230828, and perhaps the number of one of its sends: acme/20230828@2",
  });
}

/** Works out an undo, and sends nothing. @throws UsageError if it cannot be done */
export async function planUndo(
  wanted: WantedUndo,
  { ledger, objects }: { readonly ledger: LedgerStore; readonly objects: Pick<ObjectStore, "head" | "open"> },
): Promise<UndoPlan> {
  const { batch, cascade } = wanted;
  const item = await BatchStateItem.read(ledger, batch);
  const newest = item.newestSend;
  if (newest === undefined) throw nothingSent(batch);
  const sends = await readSends(ledger, batch, newest);
  const send = chooseSend(wanted, newest, sends);
  if (item.state?.state !== "sent") {
    throw new UsageError("The last check of the batch has not come to its end", {
      got: `${batch} is ${item.state?.state}`,
      expected: "sent: all of its messages",
      fix: "Put the missing file, or read one of its files again; then ask again",
    });
  }
  const contents = new Contents(sends, objects, new Forgotten(batch, item.state.forgotten));
  const undo = { batch, send, newest: newest.number, cascade };
  const left = await contents.without(undo);
  const now = await contents.after(newest.number);
  const conflicts = cascade || send === newest.number ? [] : await findConflicts(contents, send, now);
  const changed = changedCustomers(now, left).toSorted(compareIds);
  const shards = await CustomerShards.read(ledger, batch);
  const versions = new Map(changed.map((customer) => [customer, versionOf(customer, left, shards)]));
  const shown = changed.slice(0, SHOWN);
  const shownConflicts = conflicts.toSorted(compareIds).slice(0, SHOWN);
  const bodies = new Bodies(contents, [...shown, ...shownConflicts]);
  return {
    ...undo,
    messages: [...versions.values()].filter((version) => version !== null).length,
    unsent: changed.filter((customer) => !left.has(customer)).length,
    conflicts: conflicts.length,
    shown: await inTurn(shown, async (customer) => ({
      ...{ customer, version: versions.get(customer) ?? null },
      ...{ now: await bodies.of(customer, now), before: await bodies.of(customer, left) },
    })),
    shownConflicts: await inTurn(shownConflicts, async (customer) => ({
      customer,
      before: await bodies.of(customer, await contents.after(send - 1)),
      after: await bodies.of(customer, await contents.after(send)),
      now: await bodies.of(customer, now),
    })),
  };
}

function chooseSend({ batch, send }: WantedUndo, newest: Send, sends: ReadonlyMap<number, Send>): number {
  const others = [...sends.values()].filter(({ number }) => number > 1).sort((a, b) => a.number - b.number);
  const expected =
    others.length === 0
      ? "a later send than the first: it has none"
      : `one of its sends after the first: ${others.map(describeSend).join("; ")}`;
  if (send === undefined && newest.undo !== undefined) {
    throw new UsageError("The newest send of the batch is an undo", {
      got: `send ${describeSend(newest)}`,
      expected: `the send to undo, as ${batch}@${newest.number}: that would be undoing the undo`,
    });
  }
  const chosen = send ?? newest.number;
  if (!sends.has(chosen)) throw new UsageError("The batch has no such send", { got: `${batch}@${chosen}`, expected });
  if (chosen > 1) return chosen;
  throw new UsageError("There is nothing to go back to: messages cannot be taken back", {
    got: `${batch}@${chosen}, the first messages of the batch`,
    expected,
    fix: "Send the batch's files as they should be: what differs becomes messages with a higher version",
  });
}

function describeSend({ number, undo, at }: Send): string {
  return `${number} (${at}${undo === undefined ? "" : `, an undo of ${undo.send}`})`;
}

/** Customers whom a send changed, and whose message is now neither the one after it nor the one before it. */
async function findConflicts(contents: Contents, send: number, now: BatchContent): Promise<readonly string[]> {
  const [before, after] = [await contents.after(send - 1), await contents.after(send)];
  return changedCustomers(before, after).filter((customer) => {
    const hash = now.get(customer)?.hash;
    return hash !== after.get(customer)?.hash && hash !== before.get(customer)?.hash;
  });
}

/** Null if no message is sent: there was none before, or it is the last one that was sent. */
function versionOf(customer: string, left: BatchContent, shards: CustomerShards): number | null {
  const hash = left.get(customer)?.hash;
  return hash === undefined ? null : nextVersion(shards.last(customer), hash);
}

/** One after the other: they read the same files. */
async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/** The bodies of messages of some customers; each of the files is read once. */
class Bodies {
  readonly #contents: Contents;
  readonly #customers: ReadonlySet<string>;
  readonly #read = new Map<number, ReadonlyMap<string, string>>();

  constructor(contents: Contents, customers: readonly string[]) {
    this.#contents = contents;
    this.#customers = new Set(customers);
  }

  async of(customer: string, content: BatchContent): Promise<string | null> {
    const from = content.get(customer)?.from;
    if (from === undefined) return null;
    const bodies = this.#read.get(from) ?? (await this.#compose(from));
    this.#read.set(from, bodies);
    return bodies.get(customer) ?? null;
  }

  async #compose(from: number): Promise<ReadonlyMap<string, string>> {
    const records = await this.#contents.read(from);
    const bodies = new Map<string, string>();
    for (let customer = 0; customer < records.customers; customer += 1) {
      const { id } = records.customer(customer);
      if (this.#customers.has(id)) bodies.set(id, composeBody(records, customer));
    }
    return bodies;
  }
}
