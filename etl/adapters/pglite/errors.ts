import { types } from "node:util";
import { findErrorCode, isSqlState } from "../../core/database/database";
import { DatabaseError, MillraceError } from "../../core/errors";
import { explainDatabaseError } from "../postgres/errors";

/** What the embedded database was doing. */
export type PgliteWork = "made" | "opened" | "used";

/** PGlite's file system throws numbers of WASI (wasi_snapshot_preview1, errno). */
const ERRNO: Readonly<Record<number, string>> = {
  2: "EACCES: this user lacks permission",
  19: "EDQUOT: the user's disk quota is used up",
  22: "EFBIG: a file exceeded the size limit",
  29: "EIO: the disk failed",
  33: "EMFILE: too many open files",
  41: "ENFILE: too many open files of the system",
  51: "ENOSPC: the disk is full",
  63: "EPERM: this user lacks permission",
  69: "EROFS: the disk is read-only",
};

const LIMITS =
  "whether the disk is full, this user may write there, or a limit of this shell (ulimit -a) is in the way";

const WORK: Readonly<Record<PgliteWork, { readonly end: string; readonly fix: string }>> = {
  made: { end: "cannot be created", fix: `Check ${LIMITS}; then run again` },
  opened: {
    end: "cannot be opened",
    fix: `Check ${LIMITS}; if it is corrupt, remove its folder to begin with an empty one`,
  },
  used: { end: "broke down", fix: `Nothing of the open transaction was kept. Check ${LIMITS}; then run again` },
};

/**
 * An error thrown by PGlite. PostgreSQL's own errors are explained as for any server; if the engine or its files fail,
 * PGlite throws an abort of WebAssembly or a number, whose text does not help.
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

/** Whether PGlite's file system threw this, which is not a JavaScript Error. */
export function isEngineErrno(error: unknown): boolean {
  return typeof error === "object" && error !== null && "errno" in error && !("syscall" in error);
}

function reasonOf(error: unknown): string {
  const errno = typeof error === "object" && error !== null && "errno" in error ? error.errno : undefined;
  const known = typeof errno === "number" ? ERRNO[errno] : undefined;
  if (known !== undefined) return known;
  // Node's own errors have a useful text; the engine's do not.
  return types.isNativeError(error) && "syscall" in error ? error.message : "its engine stopped";
}
