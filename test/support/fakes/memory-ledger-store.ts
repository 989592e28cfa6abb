import { randomUUID } from "node:crypto";
import type { LedgerItem, LedgerStore } from "../../../etl/core/objects/ledger-store";

/** A ledger in memory. */
export class MemoryLedgerStore implements LedgerStore {
  readonly #batches = new Map<string, Map<string, LedgerItem>>();

  async read(batch: string, name: string): Promise<LedgerItem | undefined> {
    return this.#batches.get(batch)?.get(name);
  }

  async *list(batch: string, prefix: string): AsyncGenerator<LedgerItem> {
    const items = [...(this.#batches.get(batch)?.values() ?? [])];
    yield* items.filter(({ name }) => name.startsWith(prefix)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async write(batch: string, name: string, value: string, expected: string | undefined): Promise<string | undefined> {
    const items = this.#batches.get(batch) ?? new Map<string, LedgerItem>();
    if (items.get(name)?.revision !== expected) return undefined;
    const revision = randomUUID();
    this.#batches.set(batch, items.set(name, { name, value, revision }));
    return revision;
  }

  async remove(batch: string, name: string, expected: string): Promise<boolean> {
    const items = this.#batches.get(batch);
    if (items?.get(name)?.revision !== expected) return false;
    return items.delete(name);
  }

  /** The items of these names, of all batches. */
  async *scan(names: readonly string[]): AsyncGenerator<LedgerItem & { readonly batch: string }> {
    for (const [batch, items] of this.#batches) {
      for (const item of items.values()) if (names.includes(item.name)) yield { batch, ...item };
    }
  }

  /** Everything of a batch, for comparison. */
  dump(batch: string): readonly LedgerItem[] {
    return [...(this.#batches.get(batch)?.values() ?? [])];
  }
}
