import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { StoredObject } from "../../core/objects/objects";
import type { Bytes } from "../../core/ports";
import { openFile } from "./file-source";
import { makeFolder } from "./make-folder";
import { ObjectDirectory } from "./object-directory";

/** The files of a folder, with a copy of each content that was read: its version is its sha256. */
export class KeptObjects extends ObjectDirectory {
  readonly #copies: string;

  /** @param output folder for written objects, and for copies */
  constructor(folder: string, output: string) {
    super(folder, output);
    this.#copies = join(output, "versions");
  }

  override async head(key: string, version?: string): Promise<StoredObject | undefined> {
    const newest = await super.head(key);
    if (version === undefined || newest?.etag === version) return newest && { ...newest, version: newest.etag };
    const facts = await stat(this.#copyOf(version)).catch(() => undefined);
    if (facts === undefined) return undefined;
    return { key, version, etag: version, bytes: facts.size, lastModified: facts.mtime, metadata: {} };
  }

  /** @throws SourceError as that of the folder does, before anything is read */
  override async open(object: Pick<StoredObject, "key" | "etag">): Promise<Bytes> {
    const copy = this.#copyOf(object.etag);
    if ((await stat(copy).catch(() => undefined)) === undefined) {
      await makeFolder(this.#copies);
      const partial = `${copy}.partial`;
      await pipeline(Readable.from(await super.open(object)), createWriteStream(partial));
      await rename(partial, copy);
    }
    return openFile(copy, join(this.name, object.key));
  }

  /** Removes all copies. */
  async forget(): Promise<void> {
    await rm(this.#copies, { recursive: true, force: true });
  }

  #copyOf(etag: string): string {
    return join(this.#copies, etag);
  }
}
