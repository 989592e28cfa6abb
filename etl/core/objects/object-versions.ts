import type { Bytes } from "../ports";

/** One version of an object, or the mark that it was deleted. */
export interface ObjectVersion {
  readonly key: string;
  readonly version: string;
  /** Whether it is what the key has now. */
  readonly isNewest: boolean;
}

/** The objects of one bucket with everything that its versions keep. */
export interface ObjectVersions {
  /** All versions of the objects whose keys begin so; marks of deletions are left out: they hold nothing. */
  list(prefix: string): AsyncIterable<ObjectVersion>;
  /** @param most bytes from its beginning; default: all */
  open(version: ObjectVersion, most?: number): Promise<Bytes>;
  put(key: string, body: string, contentType: string): Promise<void>;
  /** For good. */
  remove(version: ObjectVersion): Promise<void>;
}
