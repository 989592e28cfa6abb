import { createHash } from "node:crypto";
import { SourceError } from "../../../etl/core/errors";
import type { ListedObject, RangedObjects } from "../../../etl/core/objects/objects";
import type { Bytes } from "../../../etl/core/ports";

interface KeptObject extends ListedObject {
  readonly body: Uint8Array;
}

export interface MemoryRangedOptions {
  /** Default: `memory:`. */
  readonly name?: string;
  /** Objects of a page of the listing. Default: 3. */
  readonly page?: number;
  /** Bytes of a piece of a body. Default: 7. */
  readonly piece?: number;
}

/** Objects in memory, listed and read in small pieces. */
export class MemoryRangedObjects implements RangedObjects {
  readonly name: string;
  readonly #objects = new Map<string, KeptObject>();
  readonly #page: number;
  /** Bytes of a piece of a body. */
  piece: number;
  #puts = 0;

  constructor({ name = "memory:", page = 3, piece = 7 }: MemoryRangedOptions = {}) {
    this.name = name;
    this.#page = page;
    this.piece = piece;
  }

  /** As if nothing had ever been put. */
  clear(): void {
    this.#objects.clear();
    this.#puts = 0;
  }

  /** @param at default: a second later than the one before */
  put(key: string, body: string | Uint8Array, at = new Date(Date.UTC(2026, 10, 21, 0, 0, this.#puts))): ListedObject {
    this.#puts += 1;
    const bytes = Buffer.from(body);
    const etag = createHash("md5").update(bytes).digest("hex");
    const object = { key, etag, bytes: bytes.length, lastModified: at, body: bytes };
    this.#objects.set(key, object);
    return object;
  }

  async *list(beginning = ""): AsyncGenerator<readonly ListedObject[]> {
    const meant = [...this.#objects.values()].filter(({ key }) => key.startsWith(beginning));
    const all = meant.sort((a, b) => (a.key < b.key ? -1 : 1));
    for (let start = 0; start < all.length; start += this.#page) {
      yield all.slice(start, start + this.#page).map(({ body, ...object }) => object);
    }
  }

  async openRange({ key, etag }: Pick<ListedObject, "key" | "etag">, start: number, end: number): Promise<Bytes> {
    const object = this.#objects.get(key);
    if (object === undefined || object.etag !== etag) throw new SourceError("replaced", { where: { source: key } });
    return inPieces(object.body.subarray(start, end), this.piece);
  }

  locate(key: string): string {
    return `${this.name}${key}`;
  }
}

async function* inPieces(body: Uint8Array, size: number): Bytes {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}
