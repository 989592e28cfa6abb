import type { Feed } from "../../etl/core/contract/contract";
import { readRecords } from "../../etl/core/csv/read-records";
import { readRows } from "../../etl/core/csv/rows/read-rows";
import type { Row } from "../../etl/core/csv/rows/row";
import { CsvError } from "../../etl/core/errors";
import { encodeChunk } from "../../etl/feeds/load/read-chunk";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { bytesOf } from "../support/files/bytes";
import type { FuzzCase } from "./cases";

export type Rows = readonly (readonly string[])[];

/** The rows of a case by each of our readers, or what it said: whatever the pieces and chunks. */
export async function readInAllWays(given: FuzzCase): Promise<ReadonlyMap<string, Rows | string>> {
  const ways = new Map<string, Rows | string>();
  for (const piece of [1, 3, 7, 1_000])
    ways.set(`whole, in pieces of ${piece}`, await attempt(() => readWhole(given, piece)));
  for (const chunk of [1, 5, 17, 1_000]) {
    if (chunk >= Buffer.byteLength(given.text)) continue;
    ways.set(`cut every ${chunk} bytes`, await attempt(() => readCut(given, chunk)));
  }
  ways.set("records, in pieces of 5", await attempt(() => readAsRecords(given)));
  ways.set("as one chunk", await attempt(() => readCut(given, Number.POSITIVE_INFINITY)));
  return ways;
}

async function attempt(read: () => Promise<Rows>): Promise<Rows | string> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CsvError) return error.message.replace(/[:(].*/s, "").trim();
    throw error;
  }
}

async function readWhole({ text, delimiter }: FuzzCase, piece: number): Promise<Rows> {
  const rows: (readonly string[])[] = [];
  const take = (row: Row) => {
    if (!row.isBlank) rows.push(row.broken === undefined ? row.texts : ["broken"]);
  };
  for await (const _ of readRows({ bytes: bytesOf(text, piece), source: "fuzz", delimiter }, take));
  return rows;
}

/** As covid does; a row that is rejected is shown as broken. */
async function readAsRecords({ text, delimiter, columns }: FuzzCase): Promise<Rows> {
  const names = Array.from({ length: columns }, (_, at) => `c${at}`);
  const contract = {
    columns: Object.fromEntries(names.map((name) => [name, { type: "text" } as const])),
    header: false,
    delimiter,
  };
  const rows: (readonly string[])[] = [];
  const take = (records: readonly Readonly<Record<string, string>>[]) =>
    rows.push(...records.map((record) => names.map((name) => record[name] ?? "")));
  const onRejected = () => void rows.push(["broken"]);
  const reading = { source: "fuzz", role: "fuzz", bytes: bytesOf(text, 5), contract, tally: { rows: 0 }, onRejected };
  for await (const records of readRecords(reading)) take(records);
  return rows;
}

/** By COPY's text, taken apart again; a row that is rejected is shown as broken. */
async function readCut({ text, delimiter, columns, hasLineBreaks }: FuzzCase, size: number): Promise<Rows> {
  const contract: Feed = {
    name: "fuzz",
    table: "fuzz",
    columns: Object.fromEntries(Array.from({ length: columns }, (_, at) => [`c${at}`, { type: "text" }])),
    key: ["c0"],
    quotedLineBreaks: hasLineBreaks,
    header: false,
    delimiter,
  };
  const objects = new MemoryRangedObjects({ piece: 7 });
  const { lastModified, ...object } = objects.put("fuzz.csv", text);
  const found: { readonly at: number; readonly row: readonly string[] }[] = [];
  for (let start = 0; start < object.bytes; start += size) {
    const end = Math.min(object.bytes, start + size);
    const chunk = { ...object, object: 1, lastModified: lastModified.toISOString(), start, end };
    const rejections = {
      add: ({ offset = 0 }: { offset?: number }) => void found.push({ at: offset, row: ["broken"] }),
    };
    const reading = {
      contract,
      objects,
      chunk,
      rejections,
      tally: { rows: 0 },
      see: () => undefined,
      onBytes: () => undefined,
    };
    for await (const rows of encodeChunk(reading)) {
      for (const line of rows.toString().split("\n").slice(0, -1)) {
        const fields = line.split("\t").map(unescapeCopy);
        found.push({ at: Number(fields.pop()), row: fields });
      }
    }
  }
  return found.sort((a, b) => a.at - b.at).map(({ row }) => row);
}

const ESCAPES: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", "\\": "\\" };

function unescapeCopy(field: string): string {
  return field.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter);
}
