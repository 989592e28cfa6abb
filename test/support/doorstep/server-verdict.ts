import type { Feed } from "../../../etl/core/contract/contract";
import type { ReadTally } from "../../../etl/core/csv/check-rows";
import { Rejections } from "../../../etl/core/csv/rejections";
import type { ListedObject } from "../../../etl/core/objects/objects";
import { encodeChunk } from "../../../etl/feeds/load/read-chunk";
import { refusalOf } from "../../../etl/feeds/load/refusal";
import { cutRange } from "../../../etl/feeds/plan/cut-object";
import type { FileVerdict } from "../../../etl/report/doorstep/check-file";
import { MemoryRangedObjects } from "../fakes/memory-ranged-objects";

/** What of a verdict must be the same at the door and in the load. */
export interface Verdict {
  readonly rows: number;
  readonly rejected: number;
  /** Undefined where the load takes the file. */
  readonly refusal?: string;
  readonly reasons: readonly string[];
  readonly raw: readonly string[];
  readonly unknown: readonly string[];
}

/** What the load's reader says of an object, without a database. @param chunkBytes of an object that is cut */
export async function serverVerdict(
  feed: Feed,
  name: string,
  content: string | Uint8Array,
  chunkBytes?: number,
): Promise<Verdict> {
  const objects = new MemoryRangedObjects({ piece: 50_000 });
  const { lastModified, ...listed } = objects.put(name, content);
  const rejections = new Rejections();
  const tally: ReadTally = { rows: 0 };
  let refusal: string | undefined;
  try {
    const ranges = cutRange({ start: 0, end: listed.bytes }, chunkBytes ?? Math.max(listed.bytes, 1));
    for (const range of ranges) await readPart(feed, objects, { ...listed, ...range, lastModified }, tally, rejections);
    const { maxRejected = { rows: 0 } } = feed;
    rejections.check(maxRejected, tally.rows, "the contract's limit");
  } catch (error) {
    refusal = refusalOf(error)?.error.message;
    if (refusal === undefined) throw error;
  }
  return {
    rows: tally.rows,
    rejected: rejections.rows.length,
    reasons: rejections.rows.map(({ reason }) => alike(reason)),
    raw: rejections.rows.map(({ raw }) => raw),
    unknown: tally.unknown ?? [],
    ...(refusal !== undefined && { refusal: alike(refusal) }),
  };
}

type Part = Omit<ListedObject, "lastModified"> & {
  readonly start: number;
  readonly end: number;
  readonly lastModified: Date;
};

async function readPart(
  contract: Feed,
  objects: MemoryRangedObjects,
  { lastModified, ...part }: Part,
  tally: ReadTally,
  rejections: Rejections,
): Promise<void> {
  const chunk = { object: 1, ...part, lastModified: lastModified.toISOString() };
  const [see, onBytes] = [() => undefined, () => undefined];
  for await (const _ of encodeChunk({ contract, objects, chunk, rejections, tally, see, onBytes }));
}

/** The page's verdict, as far as the load's reader says the same. */
export function pageVerdict({ accepted: _, headerFits: __, rejections, refusal, ...verdict }: FileVerdict): Verdict {
  return {
    ...verdict,
    reasons: rejections.map(({ reason }) => alike(reason)),
    raw: rejections.map(({ raw }) => raw),
    ...(refusal !== undefined && { refusal: alike(refusal) }),
  };
}

/** Bytes there are lines here, a zlib's own words are a browser's, and who could allow more is another one. */
export function alike(text: string): string {
  return text
    .replaceAll("memory:", "")
    .replace(/(byte|line) \d+/g, "place")
    .replace(/^Too many rows [^:]*:/, "Too many rows:")
    .replace(/or allow more: .*$/, "or allow more")
    .replace(/^(This file cannot be unpacked): got .*, expected gzip.*$/, "$1");
}
