import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import * as z from "zod";
import { findErrorCode } from "../../core/database/database";
import { DatabaseError } from "../../core/errors";
import { identifyProcess } from "./process-identity";

const ownerSchema = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** As {@link identifyProcess} tells it. */
  began: z.string().optional(),
});
type Owner = z.infer<typeof ownerSchema>;

/** The shortest that proper-lockfile knows: for the lock of a process that is gone. */
const ABANDONED_AFTER_MS = 2000;
/** A lock without a note of its owner is of a process that died between the two, or has yet to write it. */
const UNSIGNED_AFTER_MS = 5000;
const RETRY_MS = 250;

/** What this process has locked. */
const held = new Set<string>();

export interface LockWait {
  /** What messages call the directory, for example `the embedded database`. */
  readonly name: string;
  /** How long to wait for another process that has it. */
  readonly waitMs: number;
}

/**
 * Lets one process at a time have a directory, by `<directory>.lock` beside it and a note of its owner.
 *
 * A lock that merely grows old is not taken from its owner: the embedded database holds up the event loop, which
 * would renew the lock, for as long as a statement takes. It is taken when the owner's process is gone; another one that
 * has its pid since, this one included, is not the owner.
 *
 * @returns what gives the directory free. @throws DatabaseError when it is still taken after `waitMs`.
 */
export async function lockDirectory(directory: string, { name, waitMs }: LockWait): Promise<() => Promise<void>> {
  const note = `${directory}.owner.json`;
  const deadline = Date.now() + waitMs;
  for (;;) {
    const owner = await readOwner(note);
    try {
      const release = await lock(directory, {
        stale: await staleAfter(owner, directory),
        update: 1000,
        onCompromised: () => undefined,
      });
      held.add(resolve(directory));
      await sign(note);
      return async () => {
        held.delete(resolve(directory));
        // Where somebody removed the folder there is nothing to give free; a lock that cannot be removed is taken from a
        // process that is gone. Neither may hide how the work ended.
        await rm(note, { force: true }).catch(() => undefined);
        await release().catch(() => undefined);
      };
    } catch (error) {
      if (findErrorCode(error) !== "ELOCKED") throw error;
      if (Date.now() >= deadline) throw refuse(directory, name, owner, error);
    }
    await sleep(RETRY_MS);
  }
}

async function sign(note: string): Promise<void> {
  const began = (await identifyProcess(process.pid)) ?? undefined;
  await writeFile(note, JSON.stringify({ pid: process.pid, host: hostname(), began } satisfies Owner));
}

async function readOwner(note: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(note, "utf8")));
  } catch {
    return undefined;
  }
}

/** For how long a lock stands that nobody renews. */
async function staleAfter(owner: Owner | undefined, directory: string): Promise<number> {
  if (owner === undefined) return UNSIGNED_AFTER_MS;
  return (await isGone(owner, directory)) ? ABANDONED_AFTER_MS : Number.MAX_SAFE_INTEGER;
}

/** Only what runs on this machine can be told to be gone. */
async function isGone({ pid, host, began }: Owner, directory: string): Promise<boolean> {
  if (host !== hostname()) return false;
  if (pid === process.pid) return !held.has(resolve(directory));
  const now = await identifyProcess(pid);
  return now === null || (began !== undefined && now !== undefined && now !== began);
}

function refuse(directory: string, name: string, owner: Owner | undefined, cause: unknown): DatabaseError {
  return new DatabaseError(`another process has ${name} open`, {
    got: owner === undefined ? "a lock without an owner" : `process ${owner.pid} on ${owner.host}`,
    where: { source: directory },
    fix: `Wait for it to end. If no such process runs, remove ${directory}.lock.`,
    cause,
  });
}
