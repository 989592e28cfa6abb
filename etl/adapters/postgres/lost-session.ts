import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { askOnce, type ServerProcess, THIS_PROCESS } from "./silence";

/** Time limit for its end, and interval of the checks. */
const MOST_LOOKS = 100;
const PAUSE_MS = 20;

const END = `select pg_terminate_backend(pid) from pg_stat_activity where ${THIS_PROCESS}`;
const IS_THERE = `select 1 as there from pg_stat_activity where ${THIS_PROCESS}`;

/**
 * Ends a session whose connection was lost, and waits for its end. The server notices the loss only after a minute;
 * until then the session keeps its locks, even from its successor, and it is unknown whether its COMMIT succeeded. Best
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
