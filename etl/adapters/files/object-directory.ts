import { rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { measure } from "../../core/csv/measure";
import { SourceError } from "../../core/errors";
import type { ObjectStore, StoredObject } from "../../core/objects/objects";
import type { Bytes } from "../../core/ports";
import { explainFileFailure, openFile } from "./file-source";
import { makeFolder } from "./make-folder";

/** The files of a folder as objects of a bucket, without versions; the ETag is the content's sha256. */
export class ObjectDirectory implements ObjectStore {
  readonly name: string;
  readonly #output: string;

  /** @param output folder for written objects: the folder itself is only read */
  constructor(folder: string, output: string) {
    this.name = folder;
    this.#output = output;
  }

  async head(key: string): Promise<StoredObject | undefined> {
    const path = join(this.name, key);
    const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw explainFileFailure(error, path);
    });
    if (facts === undefined || facts.isDirectory()) return undefined;
    const { bytes, total } = measure(await openFile(path, path));
    for await (const _ of bytes);
    const { sha256 } = total();
    return { key, etag: sha256, bytes: facts.size, lastModified: facts.mtime, metadata: {} };
  }

  /** @throws SourceError at the end if the content does not match the ETag: it was changed before or during the read */
  async open({ key, etag }: Pick<StoredObject, "key" | "etag">): Promise<Bytes> {
    const path = join(this.name, key);
    return expectContent(await openFile(path, path), etag, path);
  }

  async put(key: string, body: string): Promise<void> {
    const path = this.locate(key);
    const partial = `${path}.partial`;
    try {
      await makeFolder(dirname(path));
      await writeFile(partial, body);
      await rename(partial, path);
    } catch (cause) {
      await rm(partial, { force: true }).catch(() => undefined);
      throw new SourceError("The file cannot be written", {
        got: cause instanceof Error ? cause.message : String(cause),
        where: { source: path },
        fix: "Check that this user may write there, and that the disk is not full",
        cause,
      });
    }
  }

  locate(key: string): string {
    return join(this.#output, key);
  }
}

async function* expectContent(content: Bytes, sha256: string, source: string): Bytes {
  const { bytes, total } = measure(content);
  yield* bytes;
  if (total().sha256 === sha256) return;
  throw new SourceError("The file changed before it was read", {
    where: { source },
    fix: "Nothing of it was used. Run again: the next run reads its new content",
  });
}
