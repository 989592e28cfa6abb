import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";

export interface Patience {
  /** A statement that is not answered for so long, and as long again for each 30 MiB that went before it, is asked after. @default 30,000 ms */
  readonly silenceMs?: number;
  /** What this process has left, where something ends it: a statement gives up a little before. @default all the time */
  readonly remainingMs?: () => number;
}

/** Of {@link Patience.silenceMs}, for each MiB. */
const SHARE_PER_MIB = 1 / 30;
/** What is left to tell why, before the process is ended. */
const TELL_MS = 5_000;
/** So often a server may say that it cannot say. */
const MOST_DOUBTS = 20;

/** A statement as it is waited for. */
export interface Waiting {
  /** Goes up whenever the server took something. */
  progress: number;
  /** Nothing is expected of the server at present. */
  isItsTurn: boolean;
  /** Sent in this statement. */
  bytes: number;
}

/** The session's process on the server: at work, waiting for us, gone; or the server lets nobody look. */
export type Activity = "working" | "silent" | "unknown";

/**
 * Waits for answers of one connection, and no longer than the server is at work. A limit by the clock alone would end a load
 * that is merely large. So a second connection looks what the first one's process does: where it works, the wait goes on;
 * where it waits for this side, is gone, or the server cannot be reached, nothing will come, and the connection is given up.
 */
export class Silence {
  readonly #client: Client;
  readonly #look: () => Promise<Activity>;
  readonly #patience: Patience;
  #sentMiB = 0;

  constructor(client: Client, look: () => Promise<Activity>, patience: Patience) {
    this.#client = client;
    this.#look = look;
    this.#patience = patience;
  }

  /** @throws an error with the code ETIMEDOUT; the connection is closed then */
  async bound<Result>(
    work: Promise<Result>,
    waiting: Waiting = { progress: 0, isItsTurn: true, bytes: 0 },
  ): Promise<Result> {
    const ended = new AbortController();
    const { signal } = ended;
    try {
      return await Promise.race([work, this.#untilSilent(waiting, signal), this.#untilTimeIsUp(signal)]);
    } finally {
      ended.abort();
      this.#sentMiB += waiting.bytes / 2 ** 20;
    }
  }

  async #untilSilent(waiting: Waiting, signal: AbortSignal): Promise<never> {
    const { silenceMs = 30_000 } = this.#patience;
    for (let doubts = 0; ; ) {
      const before = waiting.progress;
      const ms = silenceMs * (1 + (this.#sentMiB + waiting.bytes / 2 ** 20) * SHARE_PER_MIB);
      if (!(await pause(ms, signal))) return new Promise(() => undefined);
      if (!waiting.isItsTurn || waiting.progress !== before) continue;
      const seen = await this.#look();
      if (seen === "unknown") doubts += 1;
      if (seen === "working" || (seen === "unknown" && doubts < MOST_DOUBTS)) continue;
      // An answer may have been on its way just then.
      if (!(await pause(Math.min(silenceMs, 2_000), signal))) return new Promise(() => undefined);
      if (waiting.progress === before && (await this.#look()) !== "working") {
        throw giveUp(this.#client, `the server answered nothing for ${Math.round(ms / 1000)} s`);
      }
    }
  }

  async #untilTimeIsUp(signal: AbortSignal): Promise<never> {
    const { remainingMs } = this.#patience;
    if (remainingMs === undefined) return new Promise(() => undefined);
    if (!(await pause(Math.max(0, remainingMs() - TELL_MS), signal))) return new Promise(() => undefined);
    throw giveUp(this.#client, "the server had not answered when the function's time was nearly up");
  }
}

/** Gives up after so long. */
export async function within<Result>(client: Client, ms: number, work: Promise<Result>): Promise<Result> {
  const ended = new AbortController();
  const late = async (): Promise<never> => {
    if (!(await pause(ms, ended.signal))) return new Promise(() => undefined);
    throw giveUp(client, `the server answered nothing for ${Math.round(ms / 1000)} s`);
  };
  try {
    return await Promise.race([work, late()]);
  } finally {
    ended.abort();
    work.catch(() => undefined);
  }
}

function giveUp(client: Client, message: string): Error {
  const error = Object.assign(new Error(message), { code: "ETIMEDOUT" });
  client.connection.stream.destroy();
  return error;
}

/** @returns false where it was cut short */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return sleep(Math.min(ms, 2 ** 31 - 1), true, { signal }).catch(() => false);
}

/** What the process of a session does, as another connection sees it. */
export async function lookAt(pid: number, open: () => Client, timeoutMs: number): Promise<Activity> {
  const client = open();
  client.on("error", () => undefined);
  try {
    await within(client, timeoutMs, client.connect());
    const { rows } = await within(
      client,
      timeoutMs,
      client.query<{ state: string | null; wait: string | null }>(
        "select state, wait_event as wait from pg_stat_activity where pid = $1",
        [pid],
      ),
    );
    const [found] = rows;
    if (found === undefined) return "silent";
    if (found.state === null || found.state === "disabled") return "unknown";
    return found.state === "active" && found.wait !== "ClientRead" && found.wait !== "ClientWrite"
      ? "working"
      : "silent";
  } catch (error) {
    // A server that refuses has answered.
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return /^[0-9A-Z]{5}$/.test(code) && code !== "EPIPE" ? "unknown" : "silent";
  } finally {
    await within(client, timeoutMs, client.end()).catch(() => undefined);
  }
}
