import { MillraceError } from "./errors";

/** One item of a ledger. */
export interface LedgerItem {
  readonly name: string;
  readonly value: string;
  /** Another one after each write, whoever wrote. */
  readonly revision: string;
}

/**
 * Keeps small texts by batch and name, and changes one only for who knows its newest revision: compare and swap is all
 * that a ledger needs to stay right among several workers. In DynamoDB, in a folder, or in memory.
 */
export interface LedgerStore {
  read(batch: string, name: string): Promise<LedgerItem | undefined>;
  /** The items of one batch whose names begin so. */
  list(batch: string, prefix: string): AsyncIterable<LedgerItem>;
  /**
   * @param expected the revision that was read; undefined for an item that is not there yet
   * @returns the new revision, or undefined where somebody else wrote meanwhile
   */
  write(batch: string, name: string, value: string, expected: string | undefined): Promise<string | undefined>;
  /** @returns whether it was removed; not, where somebody else wrote meanwhile */
  remove(batch: string, name: string, expected: string): Promise<boolean>;
}

/** Another worker changed the ledger; what this one knows is out of date. Another try reads it anew. */
export class LedgerConflictError extends MillraceError {
  override readonly name = "LedgerConflictError";

  constructor(batch: string, item: string) {
    super(`Another worker is at batch ${batch}`, {
      got: `a newer ${item} in the ledger`,
      fix: "Nothing: the event is tried again, and finds what the other one left to do",
    });
  }
}
