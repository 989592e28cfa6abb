import * as z from "zod";
import { LedgerConflictError, type LedgerStore, readValue } from "../../../core/objects/ledger-store";
import { forgottenHash } from "./forgotten";
import { seenFilesSchema } from "./seen-files";
import { type Send, sendSchema, undoSchema } from "./sends";

export const STATE_ITEM = "batch";
const REMOVED = "the reason named a customer who was forgotten";
/** An item of DynamoDB holds 400 KB. */
const MOST_CHARACTERS = 2_000;

export const stateSchema = z.object({
  /** `waiting` for files; `sending`: some messages may be sent; `sent`: all of these files' messages are. */
  state: z.enum(["waiting", "sending", "sent"]),
  files: seenFilesSchema,
  /** Rows that were rejected in these files. */
  rejected: z.int().default(0),
  /** All messages are sent, and the rows that were rejected could not be kept: the next check of the batch tries again. */
  unkept: z.boolean().optional(),
  /** The newest send that came to its end. */
  send: sendSchema.optional(),
  /** While the messages of an undo are sent. */
  undo: undoSchema.optional(),
  /** Files whose messages were undone: they are not read again until one of them is another. */
  withdrawn: seenFilesSchema.optional(),
  /** Why the last check of the batch failed; the rest is as it was before. */
  failure: z.string().optional(),
  /** Forgotten customers, as hashes; kept through every change. */
  forgotten: z.array(z.string()).optional(),
  /** ISO 8601. */
  changed: z.string(),
});

export type BatchState = z.output<typeof stateSchema>;

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

  /** Its newest send. One that a version before 2026-11-30 sent is known by its files. */
  get newestSend(): Send | undefined {
    const { send, state, files, changed } = this.#state ?? {};
    if (send !== undefined || state !== "sent" || files === undefined) return send;
    return { number: 1, files, at: changed ?? "" };
  }

  /** Writes down that a check failed. @throws LedgerConflictError as {@link write} does */
  async writeFailure(error: unknown): Promise<void> {
    const failure = (error instanceof Error ? error.message : String(error)).slice(0, MOST_CHARACTERS);
    await this.write({ ...(this.#state ?? nothingSeen()), failure });
  }

  /**
   * Writes down that a customer is forgotten, and takes the name out of why the last check failed.
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
    const { forgotten, withdrawn } = this.#state ?? {};
    const kept = { send: this.newestSend, withdrawn, ...state, forgotten: state.forgotten ?? forgotten };
    const revision = await this.#store.write(this.#batch, STATE_ITEM, JSON.stringify(kept), this.#revision);
    if (revision === undefined) throw new LedgerConflictError(this.#batch, "state");
    this.#revision = revision;
    this.#state = kept;
  }
}

/** Whether the reason of a failure has a customer's id, as messages quote it. */
export function failureNames(failure: string | undefined, customer: string): boolean {
  return failure?.includes(JSON.stringify(customer)) ?? false;
}

function nothingSeen(): BatchState {
  return { state: "waiting", files: {}, rejected: 0, changed: new Date().toISOString() };
}
