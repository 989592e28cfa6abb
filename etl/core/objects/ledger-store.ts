import * as z from "zod";
import { MillraceError } from "../errors";

/** One item of a ledger. */
export interface LedgerItem {
  readonly name: string;
  readonly value: string;
  /** Changes with each write, by any worker. */
  readonly revision: string;
}

/**
 * Keeps small texts by batch and name, and changes one only for a caller that knows its newest revision: compare and
 * swap is all that a ledger needs to stay correct with several workers. In DynamoDB, in a folder, or in memory.
 */
export interface LedgerStore {
  /** Whether items are deleted automatically, some days after their last write. Default: false. */
  readonly forgets?: boolean;
  read(batch: string, name: string): Promise<LedgerItem | undefined>;
  /** The items of one batch with this prefix of their names. */
  list(batch: string, prefix: string): AsyncIterable<LedgerItem>;
  /**
   * @param expected the revision that was read; undefined for a new item
   * @returns the new revision, or undefined if another worker wrote meanwhile
   */
  write(batch: string, name: string, value: string, expected: string | undefined): Promise<string | undefined>;
  /** @returns whether it was removed; false if another worker wrote meanwhile */
  remove(batch: string, name: string, expected: string): Promise<boolean>;
}

/** Another worker changed the ledger; this one's data is outdated. Another try reads it again. */
export class LedgerConflictError extends MillraceError {
  override readonly name = "LedgerConflictError";

  constructor(batch: string, item: string) {
    super(`Another worker is processing batch ${batch}`, {
      got: `a newer ${item} in the ledger`,
      fix: "Nothing: the event is tried again, and continues after the other worker",
    });
  }
}

/** The ledger's data cannot be read: it was corrupted by a disk or by hand. */
export class SpoiltLedgerError extends MillraceError {
  override readonly name = "SpoiltLedgerError";

  /** @param where the file, or the item and its batch */
  constructor(where: string, cause: unknown) {
    super("The ledger of orders cannot be read", {
      got: describeSpoilt(cause),
      where: { source: where },
      fix: "Restore it from a backup. If the batch's ledger is removed, all its messages are sent again, from version 1",
      cause,
    });
  }
}

/** The value of an item, by its schema. @throws SpoiltLedgerError */
export function readValue<Schema extends z.ZodType>(schema: Schema, batch: string, item: LedgerItem): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(item.value));
  } catch (cause) {
    throw new SpoiltLedgerError(`item ${item.name} of batch ${batch}`, cause);
  }
}

function describeSpoilt(cause: unknown): string {
  if (cause instanceof z.ZodError) {
    return cause.issues.map(({ path, message }) => [...path.map(String), message].join(": ")).join("; ");
  }
  return cause instanceof Error ? cause.message : String(cause);
}
