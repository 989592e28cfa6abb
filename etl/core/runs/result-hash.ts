import { createHash } from "node:crypto";

/**
 * The hash of the records that a run loads, in their order: what the bytes of its sources mean to the code, whatever its table had before. A
 * record is the texts of its columns, so the size of batches and the way into the table do not count.
 */
export class ResultHash {
  readonly #hash = createHash("sha256");
  #isEmpty = true;

  add<Column extends string>(
    columns: readonly Column[],
    records: readonly Readonly<Partial<Record<Column, unknown>>>[],
  ): void {
    let lines = "";
    for (const record of records) {
      for (const column of columns) lines += `${textOf(record[column])},`;
      lines += "\n";
    }
    this.#hash.update(lines);
    this.#isEmpty = false;
  }

  /** Hex; null if nothing was added. Call it once. */
  digest(): string | null {
    return this.#isEmpty ? null : this.#hash.digest("hex");
  }
}

/** Passes batches on, and adds them to a hash. */
export async function* hashed<Column extends string, Sent extends Readonly<Partial<Record<Column, unknown>>>>(
  batches: AsyncIterable<readonly Sent[]>,
  columns: readonly Column[],
  hash: ResultHash,
): AsyncGenerator<readonly Sent[]> {
  for await (const batch of batches) {
    hash.add(columns, batch);
    yield batch;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "number" || typeof value === "bigint" ? String(value) : JSON.stringify(value);
}
