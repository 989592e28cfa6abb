import type { Bytes } from "../ports";

/** One version of an object, as a HEAD tells of it. */
export interface StoredObject {
  readonly key: string;
  /** Where the bucket keeps versions. */
  readonly version?: string;
  /** Without its quotes. Two objects of one ETag have the same content. */
  readonly etag: string;
  readonly bytes: number;
  readonly lastModified: Date;
  readonly contentType?: string;
  /** What its uploader said of it (`x-amz-meta-…`). */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An object as a list of its bucket tells of it. */
export interface ListedObject extends Pick<StoredObject, "key" | "etag" | "bytes" | "lastModified"> {
  /** What an older version of millrace called this version of it. Default: the same. */
  readonly formerEtag?: string;
}

/** The objects of one bucket; on a laptop the files of a folder. */
export interface ObjectStore {
  /** The bucket's name, or the folder's path. */
  readonly name: string;
  /**
   * @param version default: the newest
   * @returns undefined where there is no such object; that access is denied is an error
   */
  head(key: string, version?: string): Promise<StoredObject | undefined>;
  /** Opens exactly this version. @throws SourceError if it was deleted or replaced, and later if it breaks off */
  open(object: StoredObject): Promise<Bytes>;
  put(key: string, body: string, contentType: string): Promise<void>;
  /** Where a person finds what was put. */
  locate(key: string): string;
}

/** The objects of a bucket whose keys begin alike, or the files of a folder, to be read in ranges. */
export interface RangedObjects {
  /** `s3://bucket/prefix`, or the folder's path. */
  readonly name: string;
  /** The keys of those that are meant. Undefined: all that are there. */
  readonly only?: readonly string[];
  /**
   * All objects, page by page, in the order of their keys.
   *
   * @param beginning only those whose keys begin so. Default: all
   * @throws SourceError where they may not be listed, or there is no such place
   */
  list(beginning?: string): AsyncIterable<readonly ListedObject[]>;
  /**
   * Opens the bytes `[start, end)` of exactly this version; nothing is read beyond.
   *
   * @throws SourceError if it was deleted or replaced, is archived or may not be read, and later if it breaks off
   */
  openRange(object: Pick<ListedObject, "key" | "etag">, start: number, end: number): Promise<Bytes>;
  /** What a person, and the ledger, call the object: `s3://bucket/key`, or the file's path. */
  locate(key: string): string;
}

/** Where a list is kept. */
export interface ListAddress {
  readonly bucket: string;
  readonly key: string;
}

/** Keeps a list, which may be too long for its writer's memory, as one JSON array. */
export interface ListStore {
  put(key: string, items: AsyncIterable<object>): Promise<ListAddress>;
  /** All of it, in memory. @throws SourceError if it was deleted */
  get(key: string): Promise<readonly unknown[]>;
  locate(key: string): ListAddress;
}
