import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import * as z from "zod";
import { findErrorCode } from "../core/database";
import { DatabaseError } from "../core/errors";

const ownerSchema = z.object({ pid: z.number().int().positive(), host: z.string() });
type Owner = z.infer<typeof ownerSchema>;

/** The shortest that proper-lockfile knows: for the lock of a process that is gone. */
const ABANDONED_AFTER_MS = 2000;
const RETRY_MS = 250;

/**
 * Lets one process at a time have a directory, by `<directory>.lock` beside it and a note of its owner.
 *
 * A lock that merely grows old is not taken from its owner: the embedded database holds up the event loop, which
 * would renew the lock, for as long as a statement takes. It is taken when the owner's process is gone.
 *
 * @returns what gives the directory free. @throws DatabaseError when it is still taken after `waitMs`.
 */
export async function lockDirectory(directory: string, waitMs: number): Promise<() => Promise<void>> {
  const note = `${directory}.owner.json`;
  const deadline = Date.now() + waitMs;
  for (;;) {
    const owner = await readOwner(note);
    try {
      const stale = isGone(owner) ? ABANDONED_AFTER_MS : Number.MAX_SAFE_INTEGER;
      const release = await lock(directory, { stale, update: 1000, onCompromised: () => undefined });
      await writeFile(note, JSON.stringify({ pid: process.pid, host: hostname() } satisfies Owner));
      return async () => {
        await rm(note, { force: true });
        await release();
      };
    } catch (error) {
      if (findErrorCode(error) !== "ELOCKED") throw error;
      if (Date.now() >= deadline) throw refuse(directory, owner, error);
    }
    await sleep(RETRY_MS);
  }
}

async function readOwner(note: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(note, "utf8")));
  } catch {
    return undefined;
  }
}

/** Only what runs on this machine can be told to be gone. */
function isGone(owner: Owner | undefined): boolean {
  if (owner === undefined || owner.host !== hostname()) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return findErrorCode(error) === "ESRCH";
  }
}

function refuse(directory: string, owner: Owner | undefined, cause: unknown): DatabaseError {
  return new DatabaseError("another process has the embedded database open", {
    got: owner === undefined ? "a lock without an owner" : `process ${owner.pid} on ${owner.host}`,
    where: { source: directory },
    fix: `Wait for it to end. If no such process runs, remove ${directory}.lock.`,
    cause,
  });
}
