import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { askOnce } from "./postgres-silence";

/** A process of the server, told from a later one of the same number by when it began. */
export interface ServerProcess {
  readonly pid: number;
  readonly since: string;
}

/** How long it is waited for, and how often it is looked for. */
const MOST_LOOKS = 100;
const PAUSE_MS = 20;

const THIS = "pid = $1 and backend_start::text = $2";
const END = `select pg_terminate_backend(pid) from pg_stat_activity where ${THIS}`;
const IS_THERE = `select 1 as there from pg_stat_activity where ${THIS}`;

/**
 * Ends a session whose connection was lost, and waits until it is gone. The server learns of the loss only after a minute, and
 * till then the session keeps its locks, from its own successor, too, and whether its COMMIT came through is open. Best
 * effort: a role may end its own sessions, unless a pooler or a provider forbids it.
 */
export async function endLostSession(
  { pid, since }: ServerProcess,
  open: () => Client,
  timeoutMs: number,
): Promise<void> {
  const ask = (text: string) => askOnce<object>(open, timeoutMs, text, [pid, since]).catch(() => []);
  let found = await ask(END);
  for (let looks = 0; found.length > 0 && looks < MOST_LOOKS; looks += 1) {
    await sleep(PAUSE_MS);
    found = await ask(IS_THERE);
  }
}
