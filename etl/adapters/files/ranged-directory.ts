import type { Stats } from "node:fs";
import { type FileHandle, open, readdir, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { SourceError } from "../../core/errors";
import { refuseUrl } from "../../core/fetch/url";
import type { ListedObject, RangedObjects } from "../../core/objects/objects";
import type { Bytes } from "../../core/ports";
import { readUnchanged } from "./unchanged-file";

const PAGE = 1_000;
const READ_BYTES = 262_144;

/** The files of a folder, and of all folders below it, as a bucket has objects. An ETag is made of size and times. */
export class RangedDirectory implements RangedObjects {
  readonly name: string;
  readonly only: readonly string[] | undefined;

  private constructor(folder: string, keys?: readonly string[]) {
    this.name = folder;
    this.only = keys;
  }

  /**
   * Only files, each once, below their common folder.
   *
   * @throws SourceError if one is not a readable file
   */
  static async ofFiles(files: readonly string[]): Promise<RangedDirectory> {
    const paths = await Promise.all(files.map(findFile));
    const folders = paths.map((path) => dirname(path).split(sep));
    const [first = []] = folders;
    const apart = first.findIndex((part, depth) => folders.some((folder) => folder[depth] !== part));
    const folder = first.slice(0, apart === -1 ? undefined : apart).join(sep) || sep;
    const keys = paths.map((path) => relative(folder, path).split(sep).join("/"));
    return new RangedDirectory(folder, [...new Set(keys)].sort());
  }

  /** @throws SourceError if it is not a readable folder */
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

  async *list(beginning = ""): AsyncGenerator<readonly ListedObject[]> {
    const all = this.only ?? (await this.#find());
    const keys = all.filter((key) => key.startsWith(beginning));
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
      fix: "Run again: the next run reads the new file",
    });
  }

  locate(key: string): string {
    return join(this.name, key);
  }

  async #find(): Promise<readonly string[]> {
    const entries = await readdir(this.name, { recursive: true, withFileTypes: true }).catch((cause) => {
      throw cannotRead(this.name, cause);
    });
    const keys = entries
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => ({ entry, key: relative(this.name, join(entry.parentPath, entry.name)).split(sep).join("/") }));
    const areFiles = await Promise.all(keys.map(({ entry, key }) => entry.isFile() || this.#leadsToFile(key)));
    return keys.flatMap(({ key }, at) => (areFiles[at] ? [key] : [])).sort();
  }

  /**
   * Whether a link leads to a file. Links to folders are not followed, since they may form a loop; editors lock files
   * with dangling links.
   */
  async #leadsToFile(key: string): Promise<boolean> {
    return stat(this.locate(key)).then(
      (facts) => facts.isFile(),
      () => false,
    );
  }

  async #describe(key: string): Promise<ListedObject> {
    const facts = await stat(this.locate(key)).catch((cause) => {
      throw cannotRead(this.locate(key), cause);
    });
    return describe(key, facts);
  }
}

async function findFile(file: string): Promise<string> {
  const refuse = (got: string, cause?: unknown) =>
    new SourceError("The file cannot be read", {
      got,
      where: { source: file },
      fix: "Name an existing file",
      cause,
    });
  try {
    const path = await realpath(file);
    if ((await stat(path)).isFile()) return path;
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
  throw refuse("not a file, but a folder or something else");
}

/** The time of the inode tells of content that was written though the file's own time was put back; chmod and rename change it, too. */
function describe(key: string, { size, mtime, mtimeMs, ctimeMs }: Stats): ListedObject {
  const formerEtag = `${size}-${mtimeMs}`;
  return { key, etag: `${formerEtag}-${ctimeMs}`, formerEtag, bytes: size, lastModified: mtime };
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
    fix: "Name an existing folder that this user may read",
    cause,
  });
}
