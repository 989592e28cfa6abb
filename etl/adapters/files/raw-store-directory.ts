import { randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { types } from "node:util";
import { measure } from "../../core/csv/measure";
import { MillraceError, SourceError } from "../../core/errors";
import { memoryKey, parseMemory, renderMemory } from "../../core/fetch/download-memory";
import type { Bytes, RawObject, RawStore, RememberedDownload } from "../../core/ports";
import { openFile } from "./file-source";
import { makeFolder } from "./make-folder";

/**
 * Keeps raw bodies in a folder, as `<pipeline>/<name>/<day>/<sha256>.csv`, and the memory of each address in
 * `<pipeline>/_downloads/`. Everything is written beside its place and then renamed, so that it is either complete or
 * absent; a killed run's remains in `<pipeline>/_partial/` are ignored and may be deleted.
 */
export class RawStoreDirectory implements RawStore {
  readonly #folder: string;
  readonly #pipeline: string;

  /** @param folder created if missing */
  constructor(folder: string, pipeline: string) {
    this.#folder = folder;
    this.#pipeline = pipeline;
  }

  async put(name: string, day: string, body: Bytes): Promise<RawObject> {
    const measured = measure(body);
    return this.#write(
      (partial) => writeFile(partial, measured.bytes, { flush: true }),
      () => {
        const { sha256, bytes } = measured.total();
        return { key: `${this.#pipeline}/${name}/${day}/${sha256}.csv`, sha256, bytes };
      },
    );
  }

  /** @throws SourceError if no such body is kept */
  open(key: string): Promise<Bytes> {
    const path = join(this.#folder, key);
    return openFile(path, path);
  }

  /** The memory, while its body is still kept. */
  async recall(url: string): Promise<RememberedDownload | undefined> {
    try {
      const download = parseMemory(await readFile(join(this.#folder, memoryKey(this.#pipeline, url)), "utf8"));
      if (download === undefined) return undefined;
      const { size } = await stat(join(this.#folder, download.key));
      return size === download.bytes ? download : undefined;
    } catch {
      return undefined;
    }
  }

  async remember(url: string, download: RememberedDownload): Promise<void> {
    const text = renderMemory(url, download);
    await this.#write(
      (partial) => writeFile(partial, text, { flush: true }),
      () => ({ key: memoryKey(this.#pipeline, url) }),
    );
  }

  /** Writes a partial file, and moves it to the place from `finish` when it is complete. */
  async #write<Kept extends { readonly key: string }>(
    write: (partial: string) => Promise<void>,
    finish: () => Kept,
  ): Promise<Kept> {
    const partial = join(this.#folder, this.#pipeline, "_partial", randomUUID());
    try {
      await makeFolder(dirname(partial));
      await write(partial);
      const kept = finish();
      const path = join(this.#folder, kept.key);
      await makeFolder(dirname(path));
      await rename(partial, path);
      return kept;
    } catch (cause) {
      throw cause instanceof MillraceError ? cause : cannotKeep(cause, this.#folder);
    } finally {
      await rm(partial, { force: true }).catch(() => undefined);
    }
  }
}

function cannotKeep(cause: unknown, folder: string): SourceError {
  return new SourceError("The download cannot be kept", {
    got: types.isNativeError(cause) ? cause.message : String(cause),
    where: { source: folder },
    fix: "Check that this user may write there, and that the disk is not full",
    cause,
  });
}
