import type { ListStore } from "../../core/objects/objects";

/** Keeps lists for the lifetime of the process. */
export class MemoryLists implements ListStore {
  readonly #lists = new Map<string, readonly object[]>();

  async put(key: string, items: AsyncIterable<object>) {
    const list: object[] = [];
    for await (const item of items) list.push(item);
    this.#lists.set(key, list);
    return this.locate(key);
  }

  async get(key: string): Promise<readonly unknown[]> {
    return this.#lists.get(key) ?? [];
  }

  locate(key: string) {
    return { bucket: "", key };
  }
}
