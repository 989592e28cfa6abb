import type { CsvContract } from "../../core/contract/contract";
import type { RejectedLimit } from "../../core/contract/rejected-limit";
import { checkRows, type ReadTally } from "../../core/csv/check-rows";
import type { RejectedRow } from "../../core/csv/rejected-row";
import { Rejections } from "../../core/csv/rejections";
import type { LineBreaks } from "../../core/csv/rows/read-rows";
import { type Packing, packingOfBytes } from "../../core/csv/unpack/packing";
import { isBinary, refuseBinary } from "../../core/csv/unpack/refuse-binary";
import { unpack } from "../../core/csv/unpack/unpack";
import { CsvError, MillraceError, RejectedLimitError, UsageError } from "../../core/errors";
import type { Bytes } from "../../core/ports";

/** What a sender's page knows of a feed: how its files are read, and nothing of its table. */
export interface Doorstep {
  readonly name: string;
  readonly contract: CsvContract;
  readonly maxRejected: RejectedLimit;
  /** The load cuts larger objects, which then have stricter quotes. */
  readonly chunkBytes: number;
}

export interface CheckedFile {
  readonly name: string;
  readonly bytes: number;
  /** At least `LOOKED_AT` bytes of its beginning, or all of it. */
  readonly first: Uint8Array;
  open(): Bytes;
}

/** What the load would say of a file. */
export interface FileVerdict {
  /** All but the header and blank lines; where the file is refused on the way, those up to there. */
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Whether it has one, and that has the contract's columns. */
  readonly headerFits: boolean;
  /** Columns of the header that the contract does not have and warns of. */
  readonly unknown: readonly string[];
  /** Why the load rejects the whole file; undefined where it takes what is accepted. */
  readonly refusal?: string;
  readonly rejections: readonly RejectedRow[];
}

/** Checks a file as the load of its feed does, but for what the table decides: keys that it has, constraints, triggers. */
export async function checkFile(doorstep: Doorstep, file: CheckedFile): Promise<FileVerdict> {
  const tally: ReadTally = { rows: 0 };
  const rejections = new Rejections();
  let refusal: string | undefined;
  try {
    await readFile(doorstep, file, tally, rejections);
    rejections.check(doorstep.maxRejected, tally.rows, "ask who receives it");
  } catch (error) {
    refusal = refusalOf(error);
  }
  const rejected = rejections.rows.length;
  return {
    rows: tally.rows,
    accepted: tally.rows - rejected,
    rejected,
    headerFits: tally.header !== undefined || (doorstep.contract.header !== false && tally.rows > 0),
    unknown: tally.unknown ?? [],
    ...(refusal !== undefined && { refusal }),
    rejections: rejections.rows,
  };
}

async function readFile(doorstep: Doorstep, file: CheckedFile, tally: ReadTally, rejections: Rejections) {
  const { contract } = doorstep;
  const { name } = file;
  const packing = packingOfBytes(file.first);
  refuseZstd(packing, name);
  const bytes = refuseBinary(unpack(file.open(), packing, name), name, contract);
  const onRejected = rejections.add.bind(rejections);
  const lineBreaks = lineBreaksOf(doorstep, file, packing);
  const reading = { contract, bytes, source: name, role: name, lineBreaks, tally, onRejected };
  for await (const _ of checkRows(reading, (row, columns) => columns.explain(row)));
}

/** As the load decides it, by what it would cut. */
function lineBreaksOf({ contract, chunkBytes }: Doorstep, { bytes, first }: CheckedFile, packing: Packing): LineBreaks {
  if (contract.quotedLineBreaks === true) return "keep";
  const isUtf8 = (contract.encoding ?? "utf-8") === "utf-8";
  const isCut = bytes > chunkBytes && isUtf8 && packing === "none" && !isBinary(first, contract);
  return isCut ? "fail" : "reject";
}

function refuseZstd(packing: Packing, name: string): void {
  if (packing !== "zstd") return;
  throw new UsageError("This page does not unpack zstd", {
    where: { source: name },
    fix: "Unpack the file and check that: the load reads either",
  });
}

const REJECTED = "Too many rows are rejected, nothing of this file would be loaded";
const UNPACKED = "This file cannot be unpacked";
const PARTS =
  "Pack it again, in one piece. A gzip of several parts is read by the load, but not by this page: unpack it and check that";

function refusalOf(error: unknown): string {
  if (error instanceof RejectedLimitError) return new RejectedLimitError(REJECTED, error.details).message;
  if (error instanceof CsvError && error.headline === UNPACKED && error.details.expected === "gzip") {
    return new CsvError(UNPACKED, { ...error.details, fix: PARTS }).message;
  }
  if (error instanceof MillraceError) return error.message;
  throw error;
}
