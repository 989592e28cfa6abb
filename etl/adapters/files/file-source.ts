import type { Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { SourceError } from "../../core/errors";
import { refuseUrl } from "../../core/fetch/url";
import type { Bytes, Source } from "../../core/ports";
import { readUnchanged } from "./unchanged-file";

const FIX: Readonly<Record<string, string>> = {
  ENOENT: "Check the path for a typing error; a relative one starts at the working directory",
  ENOTDIR: "Check the path for a typing error: a part of it is a file",
  EISDIR: "Name a file in it",
  EACCES: "Give this user permission to read it",
  EPERM: "Give this user permission to read it",
};

/**
 * A file, or a pipe, that is read in place.
 *
 * @param name the source's name in the pipeline
 * @throws SourceError if there is no such file, or it is a folder or an address; the permission to read is checked when
 * it is opened
 */
export async function openFileSource(name: string, path: string): Promise<Source> {
  refuseUrl(path);
  const where = `${name}, ${path}`;
  const facts = await stat(path).catch((cause) => {
    throw explainFileFailure(cause, where);
  });
  if (facts.isDirectory()) throw explainFileFailure({ code: "EISDIR", message: "a folder" }, where);
  return { name, location: path, size: sizeOf(facts), open: () => openFile(path, where) };
}

/** A pipe or device has a size of 0, which means unknown. */
function sizeOf(facts: Stats): number | undefined {
  return facts.isFile() ? facts.size : undefined;
}

/**
 * Opens a file for reading as a stream; it is closed at the end of the stream, or when the reader stops.
 *
 * @param where the file's name in messages
 * @throws SourceError if it cannot be opened, and later if it cannot be read or changes meanwhile
 */
export async function openFile(path: string, where: string): Promise<Bytes> {
  try {
    return readToEnd(await open(path), path, where);
  } catch (cause) {
    throw explainFileFailure(cause, where);
  }
}

async function* readToEnd(file: FileHandle, path: string, where: string): Bytes {
  try {
    yield* readUnchanged(file, { path, where });
  } catch (cause) {
    throw cause instanceof SourceError ? cause : explainFileFailure(cause, where);
  }
}

/** Explains why a file cannot be read, and what to do. */
export function explainFileFailure(cause: unknown, where: string): SourceError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new SourceError("The file cannot be read", {
    got: message,
    where: { source: where },
    fix: FIX[code ?? ""] ?? "Check that its disk is mounted and intact",
    cause,
  });
}
