import { setImmediate } from "node:timers/promises";
import { openLines } from "../../core/csv/open-lines";
import { type Packing, packingOf } from "../../core/csv/packing";
import { readRows } from "../../core/csv/read-rows";
import type { Row } from "../../core/csv/row";
import { unpack } from "../../core/csv/unpack";
import type { CopyRows } from "../../core/database/database";
import { CsvError } from "../../core/errors";
import type { RangedObjects } from "../../core/objects/objects";
import type { Bytes } from "../../core/ports";
import { ChunkEncoder, type ChunkEncoderOptions, type Head } from "./chunk-encoder";
import type { ImportContract } from "./contract";
import type { ImportChunk } from "./events";
import { RowEncoder } from "./row-encoder";

/** A header must begin within the first bytes of its object. */
const HEADER_BYTES = 65_536;

/** What is read, and who is told of it. */
export interface ChunkReading extends Pick<ChunkEncoderOptions, "contract" | "rejections" | "see"> {
  readonly objects: Pick<RangedObjects, "openRange" | "locate">;
  readonly chunk: ImportChunk;
  /** Told now and then how many bytes of the chunk are behind. */
  readonly onBytes: (done: number) => void;
}

/** How the objects of a contract are packed. */
export function packingOfObject({ compression = "by-name" }: ImportContract, key: string): Packing {
  return compression === "by-name" ? packingOf(key) : compression;
}

/**
 * Reads the rows of a chunk and encodes those that keep the contract in COPY's text format, with the byte of the (unpacked)
 * object that each begins at as its last column. Memory does not grow with the chunk.
 *
 * @throws CsvError where the text is no CSV, lacks a column, or has a line break in quotes that the contract promises away
 */
export async function* encodeChunk(reading: ChunkReading): CopyRows {
  const { objects, chunk, onBytes } = reading;
  const source = objects.locate(chunk.key);
  const lines = await openChunk(reading, source);
  if (lines === undefined) return;
  const encoder = new ChunkEncoder({ ...reading, source, head: await findHead(reading, source) });
  for await (const offset of takeRows(reading, lines, encoder, source)) {
    if (!encoder.rows.isFull) continue;
    yield encoder.rows.take();
    onBytes(offset - chunk.start);
    // A socket that takes everything at once never lets go of the event loop.
    await setImmediate();
  }
  if (!encoder.rows.isEmpty) yield encoder.rows.take();
  onBytes(chunk.end - chunk.start);
}

interface Opened {
  readonly offset: number;
  readonly bytes: Bytes;
}

async function openChunk({ contract, objects, chunk }: ChunkReading, source: string): Promise<Opened | undefined> {
  const packing = packingOfObject(contract, chunk.key);
  if (packing === "none") return openLines(objects, chunk);
  return { offset: 0, bytes: unpack(await objects.openRange(chunk, 0, chunk.bytes), packing, source) };
}

/** Hands the encoder row after row, and gives now and then the byte that is reached. */
function takeRows(
  { contract, chunk }: ChunkReading,
  { offset, bytes }: Opened,
  encoder: ChunkEncoder,
  source: string,
): AsyncGenerator<number> {
  const isCut = chunk.start > 0 || chunk.end < chunk.bytes;
  const { delimiter } = contract;
  return readRows({ bytes, offset, source, delimiter, isCut }, (row) => encoder.take(row));
}

/** Undefined where the chunk itself begins with the header. */
async function findHead({ contract, objects, chunk }: ChunkReading, source: string): Promise<Head | undefined> {
  if (contract.header === false) return { encoder: RowEncoder.byPosition(contract), offset: -1 };
  if (chunk.start === 0) return undefined;
  const first = await openLines(objects, { ...chunk, start: 0, end: Math.min(HEADER_BYTES, chunk.bytes) });
  let head: Head | undefined;
  const take = (row: Row) => {
    if (head === undefined && !row.isBlank) {
      head = { encoder: RowEncoder.byHeader(contract, row.texts, source), offset: row.offset };
    }
  };
  const bytes = first?.bytes ?? none();
  for await (const _ of readRows({ bytes, source, delimiter: contract.delimiter, isCut: true }, take)) {
    if (head !== undefined) return head;
  }
  throw new CsvError("The object has no header", {
    expected: `a header in its first ${HEADER_BYTES} bytes`,
    where: { source },
    fix: "Mend the object, or let the contract say header: false",
  });
}

async function* none(): Bytes {}
