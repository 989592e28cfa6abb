import { createHash } from "node:crypto";
import Papa from "papaparse";
import type { RejectedRow } from "../../../core/csv/rejected-row";
import { parseBatchFile } from "../records/batch";

/** How the ledger keeps that a customer of a batch was forgotten: who does not know the id learns nothing. */
export function forgottenHash(batch: string, customer: string): string {
  return createHash("sha256")
    .update(JSON.stringify([batch, customer]))
    .digest("hex");
}

/** The customers of a batch whom nobody shall hear of again, though its files may still name them. */
export class Forgotten {
  readonly #batch: string;
  readonly #hashes: ReadonlySet<string>;

  constructor(batch: string, hashes: readonly string[] = []) {
    this.#batch = batch;
    this.#hashes = new Set(hashes);
  }

  has(customer: string): boolean {
    return this.#hashes.size > 0 && this.#hashes.has(forgottenHash(this.#batch, customer));
  }

  /** Whether a row that was rejected names one of them. */
  isIn(row: Pick<RejectedRow, "source" | "raw">): boolean {
    return this.#hashes.size > 0 && idsIn(row).some((id) => this.has(id));
  }
}

/**
 * What may be a customer's id in a row that was rejected: any of its fields, as the columns' order is the file's own. Rows of
 * items have none.
 */
export function idsIn({ source, raw }: Pick<RejectedRow, "source" | "raw">): readonly string[] {
  if (parseBatchFile(source) !== undefined && /(^|\/)items_[^/]*$/.test(source)) return [];
  const { data } = Papa.parse<string[]>(raw, { delimiter: "," });
  // A row whose quotes are broken is one field too many or too few; its pieces are looked at besides.
  return [...data.flat(), ...raw.split(/[",\r\n]/)];
}
