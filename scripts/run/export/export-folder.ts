import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import Papa from "papaparse";
import { makeFolder } from "../../../etl/adapters/files/make-folder";
import { MillraceError, SourceError, UsageError } from "../../../etl/core/errors";
import type { KeepFile } from "../../../etl/core/export/export-tables";
import type { OpenFile } from "../../../etl/core/export/import-tables";
import { type Manifest, parseManifest } from "../../../etl/core/export/manifest";

const MANIFEST = "export.json";

/** Begins an export in a new folder. @throws UsageError if there is something in it */
export async function beginExport(folder: string): Promise<KeepFile> {
  await makeFolder(join(folder, "tables"));
  const found = (await readdir(folder)).concat(await readdir(join(folder, "tables")));
  if (found.length > 1) {
    throw new UsageError("The folder of an export must be a new one", {
      got: `${folder} with ${found.length - 1} files`,
      fix: "Name another one with --to.",
    });
  }
  return async (file, text) => {
    const hash = createHash("sha256");
    let bytes = 0;
    const count = async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        hash.update(piece);
        bytes += piece.length;
        yield piece;
      }
    };
    await pipeline(Readable.from(text), createGzip(), count, createWriteStream(join(folder, file), { flags: "wx" }));
    return { bytes, sha256: hash.digest("hex") };
  };
}

/** The last file of an export: a folder without it is not one. */
export async function endExport(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, MANIFEST);
  await writeFile(`${path}.part`, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(`${path}.part`, path);
}

/** @throws MillraceError if there is no export */
export async function openExport(folder: string): Promise<{ readonly manifest: Manifest; readonly open: OpenFile }> {
  const path = join(folder, MANIFEST);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new MillraceError("There is no complete export in the folder", {
      got: cause instanceof Error ? cause.message : String(cause),
      expected: `${MANIFEST}, which an export writes last`,
      where: { source: folder },
      cause,
    });
  });
  return {
    manifest: parseManifest(text, path),
    open: (table) => readFields(join(dirname(path), table.file), table.sha256),
  };
}

/** The checksum of the whole file is compared first. */
async function* readFields(path: string, sha256: string): AsyncGenerator<readonly string[]> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  const got = hash.digest("hex");
  if (got !== sha256) {
    throw new SourceError("A file of the export has changed", {
      got: `sha256 ${got}`,
      expected: `sha256 ${sha256}`,
      where: { source: path },
    });
  }
  const text = createGunzip().setEncoding("utf8");
  const rows = Papa.parse(Papa.NODE_STREAM_INPUT, { delimiter: ",", newline: "\n", quoteChar: '"' });
  // A failure of any of them ends the rows with it.
  const read = pipeline(createReadStream(path), text, rows);
  read.catch(() => undefined);
  yield* rows as AsyncIterable<readonly string[]>;
  await read;
}
