import { createHash } from "node:crypto";
import { SourceError } from "../../../etl/core/errors";
import type { ListedObject, ObjectStore, StoredObject } from "../../../etl/core/objects/objects";
import type { Bytes } from "../../../etl/core/ports";

interface Version extends StoredObject {
  readonly body: Uint8Array;
}

/** A bucket with versions, in memory. Its clock advances a second with each put. */
export class MemoryObjects implements ObjectStore {
  readonly name = "bucket";
  /** All versions of each key, the newest last. */
  readonly versions = new Map<string, Version[]>();
  /** Keys whose newest version is a delete marker. */
  readonly #deleted = new Set<string>();
  #puts = 0;

  async head(key: string, version?: string): Promise<StoredObject | undefined> {
    const versions = this.versions.get(key) ?? [];
    if (version === undefined && this.#deleted.has(key)) return undefined;
    return version === undefined ? versions.at(-1) : versions.find((known) => known.version === version);
  }

  async list(prefix: string): Promise<readonly ListedObject[]> {
    const there = [...this.versions].filter(([key]) => !this.#deleted.has(key));
    const newest = there.flatMap(([, versions]) => versions.at(-1) ?? []);
    return newest.filter(({ key }) => key.startsWith(prefix)).sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async open({ key, version, etag }: Pick<StoredObject, "key" | "version" | "etag">): Promise<Bytes> {
    const isRequested = (known: Version) => (version === undefined ? known.etag === etag : known.version === version);
    const found = this.versions.get(key)?.findLast(isRequested);
    if (found === undefined) throw new SourceError("The object is gone", { where: { source: key } });
    return inPieces(found.body);
  }

  async put(key: string, body: string | Uint8Array, contentType?: string): Promise<void> {
    this.#puts += 1;
    const bytes = Buffer.from(body);
    const version: Version = {
      key,
      version: `v${this.#puts}`,
      etag: createHash("md5").update(bytes).digest("hex"),
      bytes: bytes.length,
      lastModified: new Date(Date.UTC(2026, 10, 21, 0, 0, this.#puts)),
      contentType,
      metadata: {},
      body: bytes,
    };
    this.versions.set(key, [...(this.versions.get(key) ?? []), version]);
    this.#deleted.delete(key);
  }

  /** Puts a delete marker: its versions stay. */
  delete(key: string): void {
    this.#deleted.add(key);
  }

  locate(key: string): string {
    return `memory:${key}`;
  }

  /** The newest version as text. */
  text(key: string): string | undefined {
    const body = this.versions.get(key)?.at(-1)?.body;
    return body === undefined ? undefined : Buffer.from(body).toString();
  }
}

async function* inPieces(body: Uint8Array): Bytes {
  for (let at = 0; at < body.length; at += 65_536) yield body.subarray(at, at + 65_536);
}
