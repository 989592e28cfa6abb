import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { types } from "node:util";
import * as z from "zod";
import { MillraceError, SourceError } from "../../core/errors";
import { type LedgerItem, type LedgerStore, SpoiltLedgerError } from "../../core/objects/ledger-store";
import { lockDirectory } from "./directory-lock";
import { makeFolder } from "./make-folder";

const itemSchema = z.object({ batch: z.string(), name: z.string(), value: z.string(), revision: z.string() });

/**
 * Keeps a ledger in a folder, one file per item, below a folder for each batch. Only one process at a time has it open;
 * each file is written beside its place and renamed, so that it is either complete or absent.
 */
export class LedgerDirectory implements LedgerStore {
  readonly #folder: string;
  readonly #unlock: () => Promise<void>;
  /** The pending end of each item's last change. */
  readonly #changes = new Map<string, Promise<unknown>>();

  private constructor(folder: string, unlock: () => Promise<void>) {
    this.#folder = folder;
    this.#unlock = unlock;
  }

  /**
   * @param folder created if missing
   * @param fresh begin with an empty one; default: false
   * @throws DatabaseError if another process has it open for longer than ten seconds
   */
  static async open(folder: string, { fresh = false } = {}): Promise<LedgerDirectory> {
    try {
      await makeFolder(folder);
      const unlock = await lockDirectory(folder, { name: "the ledger of these orders", waitMs: 10_000 });
      if (fresh) for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
      return new LedgerDirectory(folder, unlock);
    } catch (cause) {
      throw cause instanceof MillraceError ? cause : cannotUse(folder, cause);
    }
  }

  async close(): Promise<void> {
    await this.#unlock();
  }

  async read(batch: string, name: string): Promise<LedgerItem | undefined> {
    const path = this.#pathOf(batch, name);
    try {
      const item = itemSchema.parse(JSON.parse(await readFile(path, "utf8")));
      return { name: item.name, value: item.value, revision: item.revision };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new SpoiltLedgerError(path, error);
    }
  }

  async *list(batch: string, prefix: string): AsyncGenerator<LedgerItem> {
    const names = await readdir(this.#folderOf(batch)).catch((error) => {
      if (isMissing(error)) return [];
      throw cannotUse(this.#folderOf(batch), error);
    });
    for (const file of names.filter((name) => name.endsWith(SUFFIX)).sort()) {
      const name = decodeURIComponent(file.slice(0, -SUFFIX.length));
      const item = name.startsWith(prefix) ? await this.read(batch, name) : undefined;
      if (item !== undefined) yield item;
    }
  }

  /** The items of all batches. */
  async *scan(): AsyncGenerator<{ readonly batch: string; readonly name: string; readonly value: string }> {
    const folders = await readdir(this.#folder, { withFileTypes: true });
    for (const folder of folders.filter((entry) => entry.isDirectory()).map(({ name }) => join(this.#folder, name))) {
      for (const file of (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort()) {
        const path = join(folder, file);
        try {
          const { batch, name, value } = itemSchema.parse(JSON.parse(await readFile(path, "utf8")));
          yield { batch, name, value };
        } catch (error) {
          throw new SpoiltLedgerError(path, error);
        }
      }
    }
  }

  write(batch: string, name: string, value: string, expected: string | undefined): Promise<string | undefined> {
    const path = this.#pathOf(batch, name);
    return this.#inTurn(path, async () => {
      if ((await this.read(batch, name))?.revision !== expected) return undefined;
      const revision = randomUUID();
      try {
        await makeFolder(dirname(path));
        await writeFile(`${path}.partial`, JSON.stringify({ batch, name, value, revision }), { flush: true });
        await rename(`${path}.partial`, path);
      } catch (cause) {
        throw cannotUse(path, cause);
      }
      return revision;
    });
  }

  remove(batch: string, name: string, expected: string): Promise<boolean> {
    const path = this.#pathOf(batch, name);
    return this.#inTurn(path, async () => {
      if ((await this.read(batch, name))?.revision !== expected) return false;
      await rm(path);
      return true;
    });
  }

  /** Checking a revision and changing the item are one step: changes of an item are serialised. */
  async #inTurn<Result>(path: string, change: () => Promise<Result>): Promise<Result> {
    const turn = Promise.allSettled([this.#changes.get(path)]).then(change);
    this.#changes.set(path, turn);
    try {
      return await turn;
    } finally {
      if (this.#changes.get(path) === turn) this.#changes.delete(path);
    }
  }

  /** By its hash: a batch's name may be longer than a file's. */
  #folderOf(batch: string): string {
    return join(this.#folder, createHash("sha256").update(batch).digest("hex"));
  }

  #pathOf(batch: string, name: string): string {
    return join(this.#folderOf(batch), encodeURIComponent(name) + SUFFIX);
  }
}

const SUFFIX = ".json";

function cannotUse(path: string, cause: unknown): SourceError {
  return new SourceError("The ledger of orders cannot be used", {
    got: cause instanceof Error ? cause.message : String(cause),
    where: { source: path },
    fix: "Check that this user may write there, and that the disk is not full; then run again",
    cause,
  });
}

function isMissing(error: unknown): boolean {
  return types.isNativeError(error) && "code" in error && error.code === "ENOENT";
}
