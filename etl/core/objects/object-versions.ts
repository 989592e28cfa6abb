import type { Bytes } from "../ports";

/** One version of an object, or the mark that it was deleted. */
export interface ObjectVersion {
  readonly key: string;
  readonly version: string;
  /** Whether it is the key's present version. */
  readonly isNewest: boolean;
}

/** The objects of one bucket with all their versions. */
export interface ObjectVersions {
  /** All versions of the objects with this prefix; delete markers are left out: they have no content. */
  list(prefix: string): AsyncIterable<ObjectVersion>;
  /** @param most bytes from its beginning; default: all */
  open(version: ObjectVersion, most?: number): Promise<Bytes>;
  put(key: string, body: string, contentType: string): Promise<void>;
  /** Permanently. */
  remove(version: ObjectVersion): Promise<void>;
}
