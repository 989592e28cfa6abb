import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, extname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import * as z from "zod";
import { findErrorCode } from "../../core/database/database";
import { DatabaseError } from "../../core/errors";
import { identifyProcess } from "./process-identity";

const ownerSchema = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** From {@link identifyProcess}. */
  began: z.string().optional(),
  /** Its command, for messages: `etl feed`. */
  command: z.string().optional(),
  /** When it locked the directory. */
  since: z.iso.datetime().optional(),
});
type Owner = z.infer<typeof ownerSchema>;

/** The shortest that proper-lockfile allows: for the lock of a process that has ended. */
const ABANDONED_AFTER_MS = 2000;
/** A lock without a note of its owner: the process died between the two, or has not written it yet. */
const UNSIGNED_AFTER_MS = 5000;
const RETRY_MS = 250;

/** What this process has locked. */
const held = new Set<string>();

export interface LockWait {
  /** The directory's name in messages, for example `the embedded database`. */
  readonly name: string;
  /** How long to wait for another process that holds it, in milliseconds. */
  readonly waitMs: number;
  /** Called once with a text that names the process being waited for. Default: not called. */
  readonly onWait?: (text: string) => void;
}

/**
 * Gives a directory to one process at a time, with `<directory>.lock` beside it and a note of its owner.
 *
 * A lock is not taken over merely because it is old: the embedded database blocks the event loop, which would renew the
 * lock, during each statement. It is taken over when the owner's process has ended; a later process with the same pid,
 * including this one, is not the owner.
 *
 * @returns a function that releases the directory. @throws DatabaseError if it is still locked after `waitMs`.
 */
export async function lockDirectory(
  directory: string,
  { name, waitMs, onWait }: LockWait,
): Promise<() => Promise<void>> {
  const note = `${directory}.owner.json`;
  const deadline = Date.now() + waitMs;
  for (let isNotified = false; ; ) {
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
        // If the folder was removed, there is nothing to release; a lock that cannot be removed is taken over later.
        // Neither may hide the work's result.
        await rm(note, { force: true }).catch(() => undefined);
        await release().catch(() => undefined);
      };
    } catch (error) {
      if (findErrorCode(error) !== "ELOCKED") throw error;
      if (Date.now() >= deadline) throw refuse(directory, name, owner, error);
      // An ended process needs no wait: its lock is taken over at once.
      if (!isNotified && owner !== undefined && !(await isGone(owner, directory))) {
        onWait?.(`Waiting up to ${waitMs / 1000} s for ${describeOwner(owner)}, which has ${name} open`);
        isNotified = true;
      }
    }
    await sleep(RETRY_MS);
  }
}

async function sign(note: string): Promise<void> {
  const began = (await identifyProcess(process.pid)) ?? undefined;
  await writeFile(note, JSON.stringify({ pid: process.pid, host: hostname(), began, ...nameThis() } satisfies Owner));
}

/** The script and its command, without the arguments, which may be secret. */
function nameThis(): Pick<Owner, "command" | "since"> {
  const [, script = "", command = ""] = process.argv;
  const words = [basename(script, extname(script)), ...(/^[a-z-]+$/.test(command) ? [command] : [])];
  return { command: words.join(" "), since: new Date().toISOString() };
}

function describeOwner({ pid, host, command, since }: Owner): string {
  const does = command === undefined || command === "" ? "" : ` (${command}, since ${since})`;
  return `process ${pid}${does} on ${host}`;
}

async function readOwner(note: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(note, "utf8")));
  } catch {
    return undefined;
  }
}

/** The age at which an unrenewed lock expires. */
async function staleAfter(owner: Owner | undefined, directory: string): Promise<number> {
  if (owner === undefined) return UNSIGNED_AFTER_MS;
  return (await isGone(owner, directory)) ? ABANDONED_AFTER_MS : Number.MAX_SAFE_INTEGER;
}

/** Only a process of this machine can be known to have ended. */
async function isGone({ pid, host, began }: Owner, directory: string): Promise<boolean> {
  if (host !== hostname()) return false;
  if (pid === process.pid) return !held.has(resolve(directory));
  const now = await identifyProcess(pid);
  return now === null || (began !== undefined && now !== undefined && now !== began);
}

function refuse(directory: string, name: string, owner: Owner | undefined, cause: unknown): DatabaseError {
  return new DatabaseError(`Another process has ${name} open`, {
    got: owner === undefined ? "a lock without an owner" : describeOwner(owner),
    where: { source: directory },
    fix: `Only one process at a time may use it: wait for that one, or stop it, and run again. If there is no such process, remove ${directory}.lock`,
    cause,
  });
}
