import { type Zippable, zipSync } from "fflate";

const UNIX = 3;
/** A regular file that is readable for all: Lambda runs as a user that owns nothing under /opt. */
const READABLE_FILE = 0o100644 << 16;

/** A file of an archive: its path with forward slashes, and its bytes. */
export type ArchiveFile = readonly [path: string, bytes: Uint8Array];

/**
 * Zips files so that the same files give the same bytes on any machine: sorted by code unit, no time, no owner.
 * The date has to be a local one, because fflate writes local fields.
 */
export function zipFiles(files: readonly ArchiveFile[]): Uint8Array {
  const entries: Zippable = {};
  for (const [path, bytes] of files.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    entries[path] = [bytes, { attrs: READABLE_FILE, level: 9, mtime: new Date(1980, 0, 1), os: UNIX }];
  }
  return zipSync(entries);
}
