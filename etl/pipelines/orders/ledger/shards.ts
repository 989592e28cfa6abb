import { hash } from "node:crypto";
import * as z from "zod";
import { LedgerConflictError, type LedgerStore, readValue } from "../../../core/objects/ledger-store";

/** A customer, and of the last message its version, its body's hash, and 1 when it is known to be sent. */
export const shardSchema = z.array(z.tuple([z.string(), z.int(), z.string(), z.union([z.literal(0), z.literal(1)])]));
type Entry = z.output<typeof shardSchema>[number];

/**
 * How many items the customers of a batch are spread over, by the hash of their ids. An item for each customer would
 * cost a write of its own, 100,000 of them for a large batch; one for all would not fit in the 400 KB of a DynamoDB item.
 * With 256, a batch of three takes three small ones, one of 100,000 takes 256 of about 25 KB, and more than a million fit.
 */
export const SHARDS = 256;

/** The last message about a customer. */
export interface LastMessage {
  readonly version: number;
  readonly hash: string;
  /** False when a worker was about to send it and never came to say that it did. */
  readonly isSent: boolean;
}

/** The shard that a customer is in. */
export function shardOf(customer: string): number {
  return hash("sha256", customer, "buffer")[0] ?? 0;
}

/** The item that a customer is in. */
export function shardItem(customer: string): string {
  return itemOf(shardOf(customer));
}

/** The ledger's data of a batch's customers. A change counts once its shard is written. */
export class CustomerShards {
  readonly #store: LedgerStore;
  readonly #batch: string;
  readonly #shards = new Map<number, { readonly entries: Map<string, Entry>; revision: string | undefined }>();

  private constructor(store: LedgerStore, batch: string) {
    this.#store = store;
    this.#batch = batch;
  }

  /** Reads all shards of one batch: a query of a few pages. */
  static async read(store: LedgerStore, batch: string): Promise<CustomerShards> {
    const shards = new CustomerShards(store, batch);
    for await (const item of store.list(batch, SHARD_PREFIX)) {
      const { name, revision } = item;
      const entries = new Map(readValue(shardSchema, batch, item).map((entry) => [entry[0], entry]));
      shards.#shards.set(Number.parseInt(name.slice(SHARD_PREFIX.length), 16), { entries, revision });
    }
    return shards;
  }

  /** How many customers there ever were messages about. */
  get size(): number {
    return [...this.#shards.values()].reduce((sum, { entries }) => sum + entries.size, 0);
  }

  last(customer: string): LastMessage | undefined {
    const entry = this.#shards.get(shardOf(customer))?.entries.get(customer);
    if (entry === undefined) return undefined;
    const [, version, hash, isSent] = entry;
    return { version, hash, isSent: isSent === 1 };
  }

  set(customer: string, { version, hash, isSent }: LastMessage): void {
    this.#open(shardOf(customer)).entries.set(customer, [customer, version, hash, isSent ? 1 : 0]);
  }

  /** @returns whether there was anything to take out */
  delete(customer: string): boolean {
    return this.#shards.get(shardOf(customer))?.entries.delete(customer) ?? false;
  }

  /** @throws LedgerConflictError if another worker wrote the shard since it was read: its data stays */
  async write(shard: number): Promise<void> {
    const open = this.#open(shard);
    const name = itemOf(shard);
    const value = JSON.stringify([...open.entries.values()]);
    const revision = await this.#store.write(this.#batch, name, value, open.revision);
    if (revision === undefined) throw new LedgerConflictError(this.#batch, name);
    open.revision = revision;
  }

  /**
   * If the store expires items: writes all shards again, so that a batch is forgotten as a whole. Otherwise customers
   * whose shard expired first would get their next message as version 1, which a consumer treats as old.
   */
  async keepTogether(): Promise<void> {
    if (this.#store.forgets !== true) return;
    await Promise.all([...this.#shards.keys()].map((shard) => this.write(shard)));
  }

  #open(shard: number) {
    const known = this.#shards.get(shard);
    if (known !== undefined) return known;
    const fresh = { entries: new Map<string, Entry>(), revision: undefined };
    this.#shards.set(shard, fresh);
    return fresh;
  }
}

export const SHARD_PREFIX = "customers#";

function itemOf(shard: number): string {
  return `${SHARD_PREFIX}${shard.toString(16).padStart(2, "0")}`;
}
