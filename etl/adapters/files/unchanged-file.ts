import { type FileHandle, stat } from "node:fs/promises";
import { SourceError } from "../../core/errors";
import type { Bytes } from "../../core/ports";

/** The part of a file to read, and its name in messages. */
export interface FileReading {
  readonly path: string;
  readonly where: string;
  /** The bytes `[start, end)`. Default: its whole content when it is opened. */
  readonly range?: { readonly start: number; readonly end: number };
  readonly highWaterMark?: number;
}

/**
 * The bytes of an open file, which is closed at their end or when the reader stops. If the file is written, replaced or
 * removed meanwhile, the bytes may mix two contents or be incomplete, and are passed on already: a caller that keeps
 * results must wait for the end. A pipe or a device has no content to compare.
 *
 * @throws SourceError at the end, or when the reader stops, if the file changed since it was opened
 */
export async function* readUnchanged(file: FileHandle, { path, where, range, highWaterMark }: FileReading): Bytes {
  const before = await file.stat({ bigint: true });
  const promised = range === undefined ? Number(before.size) : range.end - range.start;
  const part = range === undefined ? {} : { start: range.start, end: range.end - 1 };
  let read = 0;
  let isWhole = false;
  const stream = file.createReadStream({ ...part, highWaterMark, autoClose: false });
  try {
    // A destroyed stream closes its file, which must still be compared when the reader stops.
    for await (const piece of stream.iterator({ destroyOnReturn: false })) {
      read += piece.length;
      yield piece;
    }
    isWhole = true;
  } finally {
    try {
      if (before.isFile()) await compare();
    } finally {
      stream.destroy();
      await file.close();
    }
  }

  async function compare(): Promise<void> {
    const [open, named] = [
      await file.stat({ bigint: true }),
      await stat(path, { bigint: true }).catch(() => undefined),
    ];
    const isSame = open.size === before.size && open.mtimeNs === before.mtimeNs;
    const isThere = named?.ino === before.ino && named.dev === before.dev;
    if (isSame && isThere && (read === promised || !isWhole)) return;
    throw new SourceError("The file changed while it was read", {
      got: isThere ? describe(read, open) : named === undefined ? "its removal" : "another file in its place",
      expected: describe(promised, before),
      where: { source: where },
      fix: "Nothing that was read is kept. Wait for its writer, or write to another file and rename it; then run again",
    });
  }
}

function describe(read: number, { size, mtime }: { readonly size: bigint; readonly mtime: Date }): string {
  return `${read} bytes of the ${size} written by ${mtime.toISOString()}`;
}
