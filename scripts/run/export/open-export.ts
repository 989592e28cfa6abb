import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { text as textOf } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { types } from "node:util";
import { createGunzip } from "node:zlib";
import Papa from "papaparse";
import { counted } from "../../../etl/core/counted";
import { findErrorCode } from "../../../etl/core/database/database";
import { MillraceError, SourceError } from "../../../etl/core/errors";
import type { OpenFile } from "../../../etl/core/export/import-tables";
import { type ExportedLedger, type Manifest, parseManifest } from "../../../etl/core/export/manifest";
import { explainAwsError } from "../../command-line/explain-aws-error";
import { MANIFEST } from "./export-folder";
import { type ExportSource, exportSource } from "./export-source";

export interface OpenedExport {
  readonly manifest: Manifest;
  readonly open: OpenFile;
  /** The items of a ledger, as JSON. @throws if the file's checksum is another one */
  readonly openLedger: (ledger: ExportedLedger) => AsyncIterable<string>;
}

/** @param from a folder, or `s3://bucket/prefix`. @throws MillraceError if there is no export */
export async function openExport(from: string): Promise<OpenedExport> {
  const source = exportSource(from);
  const text = await textOf(source.read(MANIFEST)).catch((cause: unknown) => {
    throw explainManifest(cause, from);
  });
  const manifest = parseManifest(text, source.locate(MANIFEST));
  refuseMissing(source, manifest);
  return {
    manifest,
    open: ({ file, sha256 }) => readFields(source, file, sha256),
    openLedger: ({ file, sha256 }) => readLines(source, file, sha256),
  };
}

const GONE = /^(ENOENT|NoSuchKey|NotFound)$/;

function isGone(error: unknown): boolean {
  return types.isNativeError(error) && (GONE.test(error.name) || GONE.test(findErrorCode(error) ?? ""));
}

function explainManifest(cause: unknown, from: string): unknown {
  if (isGone(cause)) {
    return new MillraceError("There is no complete export", {
      got: `no ${MANIFEST}`,
      expected: `${MANIFEST}, which an export writes last`,
      where: { source: from },
      fix: "Name the folder, or the s3://bucket/prefix, that an export was written to, or export again",
      cause,
    });
  }
  const known = explainAwsError(cause);
  if (known instanceof MillraceError) return known;
  const got = cause instanceof Error ? cause.message : String(cause);
  return new MillraceError("The export cannot be read", { got, where: { source: from }, cause });
}

/** Before anything is restored, which may take long. */
function refuseMissing(source: ExportSource, { tables, ledgers }: Manifest): void {
  const missing = [...tables, ...ledgers].filter(({ file }) => source.lacks(file)).map(({ file }) => file);
  const [first] = missing;
  if (first === undefined) return;
  throw new SourceError(missing.length === 1 ? "A file of the export is missing" : "Files of the export are missing", {
    got: `no ${missing.join(", ")}`,
    expected: `the ${counted(tables.length + ledgers.length, "file")} that ${MANIFEST} names`,
    where: { source: source.locate(first) },
    fix: "Nothing was restored. Copy the whole export again, or restore another one",
  });
}

async function* readFields(source: ExportSource, file: string, sha256: string): AsyncGenerator<readonly string[]> {
  await compareChecksum(source, file, sha256);
  const text = createGunzip().setEncoding("utf8");
  const rows = Papa.parse(Papa.NODE_STREAM_INPUT, { delimiter: ",", newline: "\n", quoteChar: '"' });
  // A failure of any of them ends the rows with it.
  const read = pipeline(source.read(file), text, rows);
  read.catch(() => undefined);
  yield* rows as AsyncIterable<readonly string[]>;
  await read;
}

async function* readLines(source: ExportSource, file: string, sha256: string): AsyncGenerator<string> {
  await compareChecksum(source, file, sha256);
  const text = createGunzip();
  const read = pipeline(source.read(file), text);
  read.catch(() => undefined);
  yield* createInterface({ input: text });
  await read;
}

/** The checksum of the whole file is compared first. */
async function compareChecksum(source: ExportSource, file: string, sha256: string): Promise<void> {
  const hash = createHash("sha256");
  try {
    for await (const piece of source.read(file)) hash.update(piece);
  } catch (cause) {
    if (!isGone(cause)) throw cause;
    throw new SourceError("A file of the export is missing", {
      got: `no ${file}`,
      where: { source: source.locate(file) },
      fix: "Copy the whole export again, or restore another one",
      cause,
    });
  }
  const got = hash.digest("hex");
  if (got === sha256) return;
  throw new SourceError("A file of the export has changed", {
    got: `sha256 ${got}`,
    expected: `sha256 ${sha256}`,
    where: { source: source.locate(file) },
  });
}
