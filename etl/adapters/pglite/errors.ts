import { types } from "node:util";
import { findErrorCode, isSqlState } from "../../core/database/database";
import { DatabaseError, MillraceError } from "../../core/errors";
import { explainDatabaseError } from "../postgres/errors";

/** What the embedded database was at. */
export type PgliteWork = "made" | "opened" | "used";

/** PGlite's file system throws numbers of WASI (wasi_snapshot_preview1, errno). */
const ERRNO: Readonly<Record<number, string>> = {
  2: "EACCES: this user may not",
  19: "EDQUOT: the user's share of the disk is used up",
  22: "EFBIG: a file grew beyond the limit for files",
  29: "EIO: the disk failed",
  33: "EMFILE: too many open files",
  41: "ENFILE: too many open files of the system",
  51: "ENOSPC: the disk is full",
  63: "EPERM: this user may not",
  69: "EROFS: the disk can only be read",
};

const LIMITS =
  "whether the disk is full, this user may write there, or a limit of this shell (ulimit -a) is in the way";

const WORK: Readonly<Record<PgliteWork, { readonly end: string; readonly fix: string }>> = {
  made: { end: "cannot be made", fix: `Look ${LIMITS}; then run again` },
  opened: {
    end: "cannot be opened",
    fix: `Look ${LIMITS}; where it is spoilt, remove its folder to begin with an empty one`,
  },
  used: { end: "broke down", fix: `Nothing of the open transaction was kept. Look ${LIMITS}; then run again` },
};

/**
 * What PGlite threw. What PostgreSQL says of a statement is explained as for any server; when the engine or its files
 * fail, what is thrown is an abort of WebAssembly or a number, and no text of those helps anybody.
 */
export function explainPgliteError(error: unknown, directory: string | undefined, work: PgliteWork): MillraceError {
  const isSql = isSqlState(findErrorCode(error));
  if (error instanceof MillraceError || (isSql && work === "used")) {
    return explainDatabaseError(error, { place: directory ?? "memory" });
  }
  const { end, fix } = WORK[work];
  const where = directory === undefined ? "in memory" : `in ${directory}`;
  const got = isSql && types.isNativeError(error) ? error.message : reasonOf(error);
  return new DatabaseError(`The embedded database ${where} ${end}`, { got, fix, cause: error });
}

/** Whether this is what PGlite's file system throws: no Error of JavaScript's. */
export function isEngineErrno(error: unknown): boolean {
  return typeof error === "object" && error !== null && "errno" in error && !("syscall" in error);
}

function reasonOf(error: unknown): string {
  const errno = typeof error === "object" && error !== null && "errno" in error ? error.errno : undefined;
  const known = typeof errno === "number" ? ERRNO[errno] : undefined;
  if (known !== undefined) return known;
  // A failure of Node's own says what it is; of the engine's none does.
  return types.isNativeError(error) && "syscall" in error ? error.message : "its engine stopped";
}
