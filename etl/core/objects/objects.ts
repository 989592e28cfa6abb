import type { Bytes } from "../ports";

/** One version of an object, from a HEAD request. */
export interface StoredObject {
  readonly key: string;
  /** If the bucket keeps versions. */
  readonly version?: string;
  /** Without its quotes. Two objects with one ETag have the same content. */
  readonly etag: string;
  readonly bytes: number;
  readonly lastModified: Date;
  readonly contentType?: string;
  /** Its uploader's metadata (`x-amz-meta-…`). */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An object from a list of its bucket. */
export interface ListedObject extends Pick<StoredObject, "key" | "etag" | "bytes" | "lastModified"> {
  /** The ETag of this version in an older version of millrace. Default: the same. */
  readonly formerEtag?: string;
}

/** The objects of one bucket; on a laptop the files of a folder. */
export interface ObjectStore {
  /** The bucket's name, or the folder's path. */
  readonly name: string;
  /**
   * @param version default: the newest
   * @returns undefined if there is no such object; denied access is an error
   */
  head(key: string, version?: string): Promise<StoredObject | undefined>;
  /** Opens exactly this version. @throws SourceError if it was deleted or replaced, and later if it breaks off */
  open(object: StoredObject): Promise<Bytes>;
  put(key: string, body: string, contentType: string): Promise<void>;
  /** The place of an object for users. */
  locate(key: string): string;
}

/** The objects of a bucket with a prefix, or the files of a folder, to be read in ranges. */
export interface RangedObjects {
  /** `s3://bucket/prefix`, or the folder's path. */
  readonly name: string;
  /** The keys of the selected ones. Undefined: all. */
  readonly only?: readonly string[];
  /**
   * All objects, page by page, in the order of their keys.
   *
   * @param beginning only those with this prefix. Default: all
   * @throws SourceError if they may not be listed, or there is no such place
   */
  list(beginning?: string): AsyncIterable<readonly ListedObject[]>;
  /**
   * Opens the bytes `[start, end)` of exactly this version; nothing is read beyond.
   *
   * @throws SourceError if it was deleted or replaced, is archived or may not be read, and later if it breaks off
   */
  openRange(object: Pick<ListedObject, "key" | "etag">, start: number, end: number): Promise<Bytes>;
  /** The object's name for users and the ledger: `s3://bucket/key`, or the file's path. */
  locate(key: string): string;
}

/** The place of a list. */
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
