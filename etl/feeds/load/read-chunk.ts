import { setImmediate } from "node:timers/promises";
import { areSensitive } from "../../core/contract/column";
import type { Feed } from "../../core/contract/contract";
import { checkRows, type Head, type ReadTally, type TakeRow } from "../../core/csv/check-rows";
import type { Rejections } from "../../core/csv/rejections";
import { type LineBreaks, readRows } from "../../core/csv/rows/read-rows";
import type { Row } from "../../core/csv/rows/row";
import { SourceColumns } from "../../core/csv/source-columns";
import { type Lines, openLines } from "../../core/csv/unpack/open-lines";
import { refuseBinary } from "../../core/csv/unpack/refuse-binary";
import { unpackByContent } from "../../core/csv/unpack/unpack";
import type { CopyRows } from "../../core/database/database";
import { CsvError } from "../../core/errors";
import { CopyBuffer } from "../../core/load/copy-buffer";
import type { RangedObjects } from "../../core/objects/objects";
import type { Bytes } from "../../core/ports";
import type { FeedChunk } from "../run/events";
import { RowEncoder } from "./row-encoder";

/** A header must begin within the first bytes of its object. */
const HEADER_BYTES = 65_536;

/** The rows to read, and the callbacks. */
export interface ChunkReading {
  readonly contract: Feed;
  readonly objects: Pick<RangedObjects, "openRange" | "locate">;
  readonly chunk: FeedChunk;
  readonly rejections: Pick<Rejections, "add">;
  readonly tally: ReadTally;
  /** Called with each encoded row, and the places of the object's columns in it. */
  readonly see: (row: Row, columns: SourceColumns) => void;
  /** Called from time to time with the number of bytes of the chunk read so far. */
  readonly onBytes: (done: number) => void;
}

/**
 * Reads the rows of a chunk and encodes the valid ones in COPY's text format, with the offset of each in the (unpacked)
 * object as its last column. Memory does not grow with the chunk.
 *
 * @throws CsvError if the text is not CSV, lacks a column, or is a part of an object and has a line break in quotes
 */
export async function* encodeChunk(reading: ChunkReading): CopyRows {
  const { contract, objects, chunk, rejections, tally, see, onBytes } = reading;
  const source = objects.locate(chunk.key);
  // Before the chunk is opened: a refused header would leave it open.
  const head = await findHead(reading, source);
  const lines = await openChunk(reading, source);
  if (lines === undefined) return;
  const rows = new CopyBuffer();
  let encoder: RowEncoder | undefined;
  const take: TakeRow<Feed> = (row, columns) => {
    encoder ??= new RowEncoder(columns);
    if (!encoder.encode(row, rows)) return columns.explain(row);
    see(row, columns);
    return undefined;
  };
  const lineBreaks = lineBreaksOf(reading);
  const onRejected = rejections.add.bind(rejections);
  for await (const offset of checkRows({ ...lines, contract, source, lineBreaks, head, tally, onRejected }, take)) {
    if (!rows.isFull) continue;
    yield rows.take();
    onBytes(offset - chunk.start);
    // A socket that accepts everything at once never yields to the event loop.
    await setImmediate();
  }
  if (!rows.isEmpty) yield rows.take();
  onBytes(chunk.end - chunk.start);
}

async function openChunk({ contract, objects, chunk }: ChunkReading, source: string): Promise<Lines | undefined> {
  if (chunk.start > 0) return openLines(objects, chunk);
  const bytes = isPart(chunk)
    ? (await openLines(objects, chunk))?.bytes
    : unpackByContent(await objects.openRange(chunk, 0, chunk.bytes), source);
  return bytes && { offset: 0, bytes: refuseBinary(bytes, source, contract) };
}

/** Whether the chunk is a part of its object: only unpacked objects are cut. */
export function isPart({ start, end, bytes }: FeedChunk): boolean {
  return start > 0 || end < bytes;
}

function lineBreaksOf({ chunk, contract }: ChunkReading): LineBreaks {
  if (isPart(chunk)) return "fail";
  return contract.quotedLineBreaks === true ? "keep" : "reject";
}

/** Undefined if the chunk itself begins with the header, or there is none. */
async function findHead({ contract, objects, chunk }: ChunkReading, source: string): Promise<Head<Feed> | undefined> {
  if (contract.header === false || chunk.start === 0) return undefined;
  const first = await openLines(objects, { ...chunk, start: 0, end: Math.min(HEADER_BYTES, chunk.bytes) });
  let head: Head<Feed> | undefined;
  const take = (row: Row) => {
    if (head === undefined && !row.isBlank) {
      const { offset } = row;
      head = { columns: SourceColumns.byHeader(contract, row.texts, { source, offset }), offset };
    }
  };
  const bytes = first?.bytes ?? none();
  const isSensitive = areSensitive(contract.columns);
  for await (const _ of readRows(
    { bytes, source, delimiter: contract.delimiter, isSensitive, lineBreaks: "fail" },
    take,
  )) {
    if (head !== undefined) return head;
  }
  throw new CsvError("The object has no header", {
    expected: `a header in its first ${HEADER_BYTES} bytes`,
    where: { source },
    fix: "Correct the object, or set header: false in the contract",
  });
}

async function* none(): Bytes {}
