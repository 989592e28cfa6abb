import { createWriteStream } from "node:fs";
import { readdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { makeFolder } from "../../../etl/adapters/files/make-folder";
import { counted } from "../../../etl/core/counted";
import { measure } from "../../../etl/core/csv/measure";
import { UsageError } from "../../../etl/core/errors";
import type { KeepPieces } from "../../../etl/core/export/export-pages";
import type { KeepFile } from "../../../etl/core/export/export-tables";
import type { Manifest } from "../../../etl/core/export/manifest";

/** The last file of an export: a folder without it is not one. */
export const MANIFEST = "export.json";

/** Keeps files of an export in a folder. */
export interface ExportFolder {
  /** Compresses the text. */
  readonly keep: KeepFile;
  /** Keeps what is compressed. */
  readonly keepPieces: KeepPieces;
}

/** Begins an export in a new folder. @throws UsageError if there is something in it */
export async function beginExport(folder: string): Promise<ExportFolder> {
  await refuseFiles(folder);
  await makeFolder(join(folder, "tables"));
  const keepPieces: KeepPieces = async (file, pieces) => {
    await makeFolder(dirname(join(folder, file)));
    const { bytes, total } = measure(pieces);
    await pipeline(bytes, createWriteStream(join(folder, file), { flags: "wx" }));
    return total();
  };
  return { keep: (file, text) => keepPieces(file, compress(text)), keepPieces };
}

/** Begins when it is read: a stream that failed before somebody listens to it would end the process. */
async function* compress(text: AsyncIterable<string>): AsyncGenerator<Buffer> {
  yield* Readable.from(text).compose(createGzip());
}

async function refuseFiles(folder: string): Promise<void> {
  const found = await readdir(folder).catch((): string[] => []);
  const tables = found.includes("tables") ? await readdir(join(folder, "tables")) : [];
  const files = [...found.filter((name) => name !== "tables"), ...tables];
  if (files.length === 0) return;
  const isInterrupted = tables.length > 0 && !found.includes(MANIFEST);
  throw new UsageError("The folder of an export must be a new one", {
    got: `${folder} with ${counted(files.length, "file")}${isInterrupted ? ", of an export that did not end" : ""}`,
    fix: `Name another one with --to${isInterrupted ? ", or delete this one" : ""}.`,
  });
}

export async function endExport(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, MANIFEST);
  await writeFile(`${path}.part`, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(`${path}.part`, path);
}
