import type { Stats } from "node:fs";
import { type FileHandle, open, readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { SourceError } from "../../core/errors";
import { refuseUrl } from "../../core/fetch/url";
import type { ListedObject, RangedObjects } from "../../core/objects/objects";
import type { Bytes } from "../../core/ports";
import { readUnchanged } from "./unchanged-file";

const PAGE = 1_000;
const READ_BYTES = 262_144;

/** The files of a folder, and of all folders below it, as a bucket has objects. An ETag is made of size and time. */
export class RangedDirectory implements RangedObjects {
  readonly name: string;

  private constructor(folder: string) {
    this.name = folder;
  }

  /** @throws SourceError where it is no folder that can be read */
  static async open(folder: string): Promise<RangedDirectory> {
    refuseUrl(folder);
    try {
      const path = await realpath(folder);
      await readdir(path);
      return new RangedDirectory(path);
    } catch (cause) {
      throw cannotRead(folder, cause);
    }
  }

  async *list(): AsyncGenerator<readonly ListedObject[]> {
    const entries = await readdir(this.name, { recursive: true, withFileTypes: true }).catch((cause) => {
      throw cannotRead(this.name, cause);
    });
    const keys = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.name, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .sort();
    for (let start = 0; start < keys.length; start += PAGE) {
      yield await Promise.all(keys.slice(start, start + PAGE).map((key) => this.#describe(key)));
    }
  }

  async openRange({ key, etag }: Pick<ListedObject, "key" | "etag">, start: number, end: number): Promise<Bytes> {
    const path = this.locate(key);
    const file = await open(path).catch((cause) => {
      throw cannotRead(path, cause);
    });
    const found = describe(key, await file.stat());
    if (found.etag === etag) return readRange(file, path, start, end);
    await file.close();
    throw new SourceError("The file was replaced before it was read", {
      got: `${found.bytes} bytes of ${found.lastModified.toISOString()}`,
      where: { source: path },
      fix: "Run again: the next run reads what is there then",
    });
  }

  locate(key: string): string {
    return join(this.name, key);
  }

  async #describe(key: string): Promise<ListedObject> {
    const facts = await stat(this.locate(key)).catch((cause) => {
      throw cannotRead(this.locate(key), cause);
    });
    return describe(key, facts);
  }
}

function describe(key: string, { size, mtime, mtimeMs }: Stats): ListedObject {
  return { key, etag: `${size}-${mtimeMs}`, bytes: size, lastModified: mtime };
}

async function* readRange(file: FileHandle, path: string, start: number, end: number): Bytes {
  try {
    yield* readUnchanged(file, { path, where: path, range: { start, end }, highWaterMark: READ_BYTES });
  } catch (cause) {
    throw cause instanceof SourceError ? cause : cannotRead(path, cause);
  }
}

function cannotRead(path: string, cause: unknown): SourceError {
  return new SourceError("The folder cannot be read", {
    got: cause instanceof Error ? cause.message : String(cause),
    where: { source: path },
    fix: "Name a folder that is there and that this user may read",
    cause,
  });
}
