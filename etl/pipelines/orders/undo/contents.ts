import { Rejections } from "../../../core/csv/rejections";
import { UsageError } from "../../../core/errors";
import type { ObjectStore, StoredObject } from "../../../core/objects/objects";
import type { Forgotten } from "../ledger/forgotten";
import type { SeenFiles } from "../ledger/seen-files";
import type { Send, Undo } from "../ledger/sends";
import { composeBody, hashBody } from "../messages/message";
import { KINDS, type Kind } from "../records/batch";
import type { BatchRecords } from "../records/batch-records";
import { readBatch } from "../records/read-batch";

/** A customer's message. */
export interface Content {
  readonly hash: string;
  /** The number of the send whose files it is made from. */
  readonly from: number;
}

/** The messages of a batch, by customer. Forgotten customers have none. */
export type BatchContent = ReadonlyMap<string, Content>;

/** What of an undo says which messages it leaves. */
export type UndoneSends = Pick<Undo, "send" | "newest" | "cascade">;

/** What a batch's messages were after each of its sends, from the files that the bucket keeps. */
export class Contents {
  readonly #sends: ReadonlyMap<number, Send>;
  readonly #objects: Pick<ObjectStore, "head" | "open">;
  readonly #forgotten: Forgotten;
  readonly #known = new Map<number, BatchContent>();
  /** The last ones that were read: all would take too much memory. */
  #records: { readonly of: number; readonly records: BatchRecords } | undefined;

  constructor(sends: ReadonlyMap<number, Send>, objects: Pick<ObjectStore, "head" | "open">, forgotten: Forgotten) {
    this.#sends = sends;
    this.#objects = objects;
    this.#forgotten = forgotten;
  }

  /** @throws UsageError if the ledger or the bucket do not keep what it takes */
  async after(send: number): Promise<BatchContent> {
    const known = this.#known.get(send);
    if (known !== undefined) return known;
    const { undo } = this.#find(send);
    const content = undo === undefined ? await this.#compose(send) : await this.without(undo);
    this.#known.set(send, content);
    return content;
  }

  /**
   * The messages that an undo leaves: with `cascade` those before the undone send. Otherwise of customers whom that send
   * changed, and no later one; all others stay as they are.
   *
   * @throws UsageError as {@link after} does
   */
  async without({ send, newest, cascade }: UndoneSends): Promise<BatchContent> {
    const before = await this.after(send - 1);
    if (cascade || send === newest) return before;
    const [after, now] = [await this.after(send), await this.after(newest)];
    const left = new Map(now);
    for (const customer of changedCustomers(before, after)) {
      if (now.get(customer)?.hash !== after.get(customer)?.hash) continue;
      const content = before.get(customer);
      if (content === undefined) left.delete(customer);
      else left.set(customer, content);
    }
    return left;
  }

  /** The data of the files that a send read. @throws UsageError as {@link after} does */
  async read(send: number): Promise<BatchRecords> {
    if (this.#records?.of === send) return this.#records.records;
    this.#records = undefined;
    const { files = {} } = this.#find(send);
    const found = await Promise.all(
      KINDS.map(async (kind): Promise<[Kind, StoredObject]> => [kind, await this.#open(kind, files)]),
    );
    const kept = Object.fromEntries(found) as Record<Kind, StoredObject>;
    const { records } = await readBatch(kept, this.#objects, new Rejections());
    this.#records = { of: send, records };
    return records;
  }

  async #compose(send: number): Promise<BatchContent> {
    const records = await this.read(send);
    const content = new Map<string, Content>();
    for (let customer = 0; customer < records.customers; customer += 1) {
      const { id } = records.customer(customer);
      if (this.#forgotten.has(id)) continue;
      content.set(id, { hash: hashBody(composeBody(records, customer)), from: send });
    }
    return content;
  }

  #find(send: number): Send {
    const found = this.#sends.get(send);
    if (found !== undefined) return found;
    throw new UsageError("The ledger does not have this send of the batch", {
      got: `send ${send}`,
      expected: [...this.#sends.keys()].sort((a, b) => a - b).join(", ") || "none: nothing was sent of this batch",
    });
  }

  async #open(kind: Kind, files: SeenFiles): Promise<StoredObject> {
    const { key = kind, version, etag } = files[kind] ?? {};
    const object = await this.#objects.head(key, version);
    if (object !== undefined && object.etag === etag) return object;
    throw new UsageError("A file of the batch as it was is not kept any more", {
      got: `${version === undefined ? "other content" : `no version ${version}`} of ${key}`,
      fix: "Send the batch's files as they should be: what differs becomes messages with a higher version",
    });
  }
}

/** The customers whose message differs, or whom only one of the two has. */
export function changedCustomers(before: BatchContent, after: BatchContent): readonly string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].filter((customer) => before.get(customer)?.hash !== after.get(customer)?.hash);
}
