import * as z from "zod";
import { type LedgerStore, readValue } from "../../../core/objects/ledger-store";
import { type SeenFiles, seenFilesSchema } from "./seen-files";

/** Asks a worker to undo a send of a batch. */
export const undoSchema = z.object({
  /** Another one for each request: one that comes twice is done once. */
  id: z.string().min(1),
  batch: z.string().min(1),
  /** The number of the send that is undone. */
  send: z.int().positive(),
  /** The batch's newest send when the undo was asked for: with a later one, other customers may be in conflict. */
  newest: z.int().positive(),
  /** The sends after it are undone, too; otherwise customers whom one of them changed stay as they are. */
  cascade: z.boolean(),
  /** Who undoes it. */
  by: z.string().min(1),
});
export type Undo = z.output<typeof undoSchema>;

export const sendSchema = z.object({
  /** 1 for the first of its batch. */
  number: z.int().positive(),
  /** The files that the messages are from; of an undo, there are none of its own. */
  files: seenFilesSchema.optional(),
  undo: undoSchema.optional(),
  /** When all of its messages were sent: ISO 8601. */
  at: z.string(),
});

/**
 * Messages of a batch that were sent, all of them: from files that were new or changed, or by an undo. The newest is
 * in the item `batch`; each other one has an item of its own.
 */
export type Send = z.output<typeof sendSchema>;

const PREFIX = "send#";
const DIGITS = 6;

/** All sends of a batch that the ledger has, by number. */
export async function readSends(
  store: LedgerStore,
  batch: string,
  newest: Send | undefined,
): Promise<ReadonlyMap<number, Send>> {
  const sends = new Map<number, Send>();
  for await (const item of store.list(batch, PREFIX)) {
    const send = readValue(sendSchema, batch, item);
    sends.set(send.number, send);
  }
  if (newest !== undefined) sends.set(newest.number, newest);
  return sends;
}

/** Gives what was the newest send an item of its own. It never changes: another worker's is the same. */
export async function keepSend(store: LedgerStore, batch: string, send: Send): Promise<void> {
  const name = `${PREFIX}${String(send.number).padStart(DIGITS, "0")}`;
  await store.write(batch, name, JSON.stringify(send), undefined);
}

/** The send after another one, which came to its end just now. */
export function sendAfter(last: Send | undefined, what: { files: SeenFiles } | { undo: Undo }): Send {
  return { number: (last?.number ?? 0) + 1, ...what, at: new Date().toISOString() };
}
