import * as z from "zod";
import { LedgerConflictError, type LedgerStore, readValue } from "../../../core/objects/ledger-store";
import type { StoredObject } from "../../../core/objects/objects";
import { KINDS, type Kind } from "../records/batch";
import { forgottenHash } from "./forgotten";

export const STATE_ITEM = "batch";
const REMOVED = "the reason named a customer who was forgotten";
/** An item of DynamoDB holds 400 KB. */
const MOST_CHARACTERS = 2_000;

const seenFile = z.object({
  key: z.string(),
  version: z.string().optional(),
  etag: z.string(),
  bytes: z.int(),
  /** Besides the header; known when the file was read. */
  rows: z.int().optional(),
});

export const stateSchema = z.object({
  /** `waiting` for files; `sending`: some messages may be sent; `sent`: all of these files' messages are. */
  state: z.enum(["waiting", "sending", "sent"]),
  files: z.object({ customers: seenFile.optional(), orders: seenFile.optional(), items: seenFile.optional() }),
  /** Rows that were rejected in these files. */
  rejected: z.int().default(0),
  /** All messages are sent, and the rows that were rejected could not be kept: the next look at the batch tries again. */
  unkept: z.boolean().optional(),
  /** Why the last look at the batch failed; the rest is as it was before. */
  failure: z.string().optional(),
  /** Forgotten customers, as hashes; kept through every change. */
  forgotten: z.array(z.string()).optional(),
  /** ISO 8601. */
  changed: z.string(),
});

export type BatchState = z.output<typeof stateSchema>;
export type SeenFiles = BatchState["files"];

/** The ledger's data about a batch as a whole. */
export class BatchStateItem {
  readonly #store: LedgerStore;
  readonly #batch: string;
  #revision: string | undefined;
  #state: BatchState | undefined;

  private constructor(store: LedgerStore, batch: string) {
    this.#store = store;
    this.#batch = batch;
  }

  static async read(store: LedgerStore, batch: string): Promise<BatchStateItem> {
    const read = new BatchStateItem(store, batch);
    const item = await store.read(batch, STATE_ITEM);
    if (item !== undefined) {
      read.#revision = item.revision;
      read.#state = readValue(stateSchema, batch, item);
    }
    return read;
  }

  /** Undefined for a batch that no file was seen of. */
  get state(): BatchState | undefined {
    return this.#state;
  }

  /** Writes down that a look failed. @throws LedgerConflictError as {@link write} does */
  async writeFailure(error: unknown): Promise<void> {
    const failure = (error instanceof Error ? error.message : String(error)).slice(0, MOST_CHARACTERS);
    await this.write({ ...(this.#state ?? nothingSeen()), failure });
  }

  /**
   * Writes down that a customer is forgotten, and takes the name out of why the last look failed.
   *
   * @throws LedgerConflictError as {@link write} does
   */
  async writeForgotten(customer: string): Promise<void> {
    const state = this.#state ?? nothingSeen();
    const hashes = new Set([...(state.forgotten ?? []), forgottenHash(this.#batch, customer)]);
    const failure = failureNames(state.failure, customer) ? REMOVED : state.failure;
    await this.write({ ...state, failure, forgotten: [...hashes] });
  }

  /** @throws LedgerConflictError if another worker wrote since it was read */
  async write(state: BatchState): Promise<void> {
    const kept = { ...state, forgotten: state.forgotten ?? this.#state?.forgotten };
    const revision = await this.#store.write(this.#batch, STATE_ITEM, JSON.stringify(kept), this.#revision);
    if (revision === undefined) throw new LedgerConflictError(this.#batch, "state");
    this.#revision = revision;
    this.#state = kept;
  }
}

/** Files as the ledger keeps them. */
export function describeFiles(
  files: Readonly<Partial<Record<Kind, StoredObject>>>,
  rows: Readonly<Partial<Record<Kind, number>>> = {},
): SeenFiles {
  const seen: SeenFiles = {};
  for (const kind of KINDS) {
    const file = files[kind];
    if (file === undefined) continue;
    const { key, version, etag, bytes } = file;
    seen[kind] = { key, version, etag, bytes, rows: rows[kind] };
  }
  return seen;
}

/** Whether these are the same contents, whatever their version ids. */
export function areSameFiles(a: SeenFiles, b: SeenFiles): boolean {
  return KINDS.every((kind) => a[kind]?.key === b[kind]?.key && a[kind]?.etag === b[kind]?.etag);
}

/** Whether the reason of a failure has a customer's id, as messages quote it. */
export function failureNames(failure: string | undefined, customer: string): boolean {
  return failure?.includes(JSON.stringify(customer)) ?? false;
}

function nothingSeen(): BatchState {
  return { state: "waiting", files: {}, rejected: 0, changed: new Date().toISOString() };
}
