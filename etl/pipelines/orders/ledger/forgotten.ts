import { createHash } from "node:crypto";
import Papa from "papaparse";
import type { RejectedRow } from "../../../core/csv/rejected-row";
import { parseBatchFile } from "../records/batch";

/** The ledger's mark of a forgotten customer of a batch: it reveals nothing without the id. */
export function forgottenHash(batch: string, customer: string): string {
  return createHash("sha256")
    .update(JSON.stringify([batch, customer]))
    .digest("hex");
}

/** The forgotten customers of a batch, whom its files may still contain. */
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
 * Possible customer ids in a rejected row: any of its fields, since the order of columns depends on the file. Rows of
 * items have none.
 */
export function idsIn({ source, raw }: Pick<RejectedRow, "source" | "raw">): readonly string[] {
  if (parseBatchFile(source) !== undefined && /(^|\/)items_[^/]*$/.test(source)) return [];
  const { data } = Papa.parse<string[]>(raw, { delimiter: "," });
  // A row with broken quotes has too many or too few fields; its pieces are also checked.
  return [...data.flat(), ...raw.split(/[",\r\n]/)];
}
