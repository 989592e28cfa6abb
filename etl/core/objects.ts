import type { Bytes } from "./ports";

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

/** The objects of one bucket; on a laptop the files of a folder. */
export interface ObjectStore {
  /** The bucket's name, or the folder's path. */
  readonly name: string;
  /**
   * @param version default: the newest
   * @returns undefined where there is no such object; that access is denied is an error
   */
  head(key: string, version?: string): Promise<StoredObject | undefined>;
  /** Opens exactly this version. @throws SourceError when it is gone or was replaced, and later where it breaks off */
  open(object: StoredObject): Promise<Bytes>;
  put(key: string, body: string, contentType: string): Promise<void>;
  /** Where a person finds what was put. */
  locate(key: string): string;
}
