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
  /** As {@link identifyProcess} tells it. */
  began: z.string().optional(),
  /** What it runs, for a person: `etl feed`. */
  command: z.string().optional(),
  /** When it locked the directory. */
  since: z.iso.datetime().optional(),
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
  /** How long to wait for another process that has it, in milliseconds. */
  readonly waitMs: number;
  /** Told once that another process is waited for, and which. Default: nobody is. */
  readonly onWait?: (text: string) => void;
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
export async function lockDirectory(
  directory: string,
  { name, waitMs, onWait }: LockWait,
): Promise<() => Promise<void>> {
  const note = `${directory}.owner.json`;
  const deadline = Date.now() + waitMs;
  for (let isTold = false; ; ) {
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
      // One that is gone is not waited for by anybody: its lock is taken in a moment.
      if (!isTold && owner !== undefined && !(await isGone(owner, directory))) {
        onWait?.(`Waiting up to ${waitMs / 1000} s for ${describeOwner(owner)}, which has ${name} open`);
        isTold = true;
      }
    }
    await sleep(RETRY_MS);
  }
}

async function sign(note: string): Promise<void> {
  const began = (await identifyProcess(process.pid)) ?? undefined;
  await writeFile(note, JSON.stringify({ pid: process.pid, host: hostname(), began, ...nameThis() } satisfies Owner));
}

/** The script and its command, without what stands behind them: that may be anybody's secret. */
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
  return new DatabaseError(`Another process has ${name} open`, {
    got: owner === undefined ? "a lock without an owner" : describeOwner(owner),
    where: { source: directory },
    fix: `One process at a time may have it: let that one end, or stop it, and run again. If there is no such process, remove ${directory}.lock`,
    cause,
  });
}
