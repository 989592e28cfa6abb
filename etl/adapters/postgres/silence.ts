import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { OutOfTimeError } from "../../core/in-time";

export interface Patience {
  /**
   * After this time without an answer, and as long again for each 30 MiB sent before, the server is checked. @default
   * 30,000 ms
   */
  readonly silenceMs?: number;
  /** The remaining time of this process, if limited: a statement gives up a little earlier. @default unlimited */
  readonly remainingMs?: () => number;
}

/** Part of {@link Patience.silenceMs} for each MiB. */
const SHARE_PER_MIB = 1 / 30;
/** Time reserved to report the reason, before the process is ended. */
const TELL_MS = 5_000;
/** Time reserved at the end, for the process itself. */
const LAST_MS = 1_000;
/** Part of the former, for the server to say what it is doing. */
const ASK_MS = 2_000;
/** How often a server may fail to say. */
const MOST_DOUBTS = 20;

/** A statement being waited for. */
export interface Waiting {
  /** Increases whenever the server accepted data. */
  progress: number;
  /** Whether nothing is currently expected of the server. */
  isItsTurn: boolean;
  /** Sent in this statement. */
  bytes: number;
}

/** The session's process on the server: working, waiting for us, gone; or unknown, if the server does not show it. */
export type Activity = "working" | "silent" | "unknown";

/** The session's process as a second connection sees it. */
export interface SecondView {
  readonly look: () => Promise<Activity>;
  /** Ends the process if it is working, so that no lock outlives the wait. @returns what it was doing, if known */
  readonly stop: (timeoutMs: number) => Promise<string | undefined>;
}

/**
 * Waits for answers of one connection, only while the server is working. A plain time limit would end a load that is
 * merely large. So a second connection checks the first one's process: if it works, the wait continues; if it waits for
 * this side, is gone, or the server cannot be reached, no answer will come, and the connection is given up.
 */
export class Silence {
  readonly #client: Client;
  readonly #view: SecondView;
  readonly #patience: Patience;
  readonly #reserveMs: number;
  #sentMiB = 0;
  #isTimeUp = false;

  constructor(client: Client, view: SecondView, patience: Patience) {
    this.#client = client;
    this.#view = view;
    this.#patience = patience;
    // A connection opened when the time is nearly up is needed to report it.
    const { remainingMs = () => Number.POSITIVE_INFINITY } = patience;
    this.#reserveMs = remainingMs() > TELL_MS ? TELL_MS : LAST_MS;
  }

  /**
   * @throws an error with the code ETIMEDOUT or, if the server was working when the time was up, ETIME; the connection
   * is closed then
   */
  async bound<Result>(
    work: Promise<Result>,
    waiting: Waiting = { progress: 0, isItsTurn: true, bytes: 0 },
  ): Promise<Result> {
    const ended = new AbortController();
    const { signal } = ended;
    try {
      // Once the time is up, that is the reason, not the ended session's error.
      const result = work.catch((error: unknown) =>
        this.#isTimeUp ? new Promise<never>(() => undefined) : Promise.reject(error),
      );
      return await Promise.race([result, this.#untilSilent(waiting, signal), this.#untilTimeIsUp(waiting, signal)]);
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
      const seen = await this.#view.look();
      if (seen === "unknown") doubts += 1;
      if (seen === "working" || (seen === "unknown" && doubts < MOST_DOUBTS)) continue;
      // An answer may have been on its way just then.
      if (!(await pause(Math.min(silenceMs, 2_000), signal))) return new Promise(() => undefined);
      if (waiting.progress === before && (await this.#view.look()) !== "working") {
        throw giveUp(this.#client, `the server answered nothing for ${Math.round(ms / 1000)} s`);
      }
    }
  }

  async #untilTimeIsUp(waiting: Waiting, signal: AbortSignal): Promise<never> {
    const { remainingMs } = this.#patience;
    if (remainingMs === undefined) return new Promise(() => undefined);
    if (!(await pause(Math.max(0, remainingMs() - this.#reserveMs), signal))) return new Promise(() => undefined);
    this.#isTimeUp = true;
    this.#client.connection.stream.destroy();
    // The server waits for rows that did not arrive.
    if (!waiting.isItsTurn) throw new OutOfTimeError();
    const doing = await this.#view.stop(ASK_MS);
    const late = "when the function's time was nearly up";
    throw doing === undefined
      ? giveUp(this.#client, `the server had not answered ${late}`)
      : giveUp(this.#client, `${doing} ${late}`, "ETIME");
  }
}

/** Time limit. */
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

/** @param code ETIME if the server was working all the time */
function giveUp(client: Client, message: string, code: "ETIMEDOUT" | "ETIME" = "ETIMEDOUT"): Error {
  const error = Object.assign(new Error(message), { code });
  client.connection.stream.destroy();
  return error;
}

/** @returns false if it was cut short */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return sleep(Math.min(ms, 2 ** 31 - 1), true, { signal }).catch(() => false);
}

/** A process of the server, distinguished from a later one with the same number by its start time. */
export interface ServerProcess {
  readonly pid: number;
  readonly since: string;
}

/** Selects the row of a {@link ServerProcess} in `pg_stat_activity`. */
export const THIS_PROCESS = "pid = $1 and backend_start::text = $2";

/**
 * Checks a session's process through its own connections.
 *
 * @param current returns the current process
 */
export function viewOf(current: () => ServerProcess, open: () => Client, timeoutMs: number): SecondView {
  const ask = <Row extends object>(ms: number, text: string) => {
    const { pid, since } = current();
    return askOnce<Row>(open, ms, text, [pid, since]);
  };
  return {
    look: async () => {
      try {
        const rows = await ask<{ state: string | null; working: boolean }>(timeoutMs, LOOK);
        const [found] = rows;
        if (found === undefined) return "silent";
        if (found.state === null || found.state === "disabled") return "unknown";
        return found.working ? "working" : "silent";
      } catch (error) {
        // A server that refuses has answered.
        const code = error instanceof Error && "code" in error ? String(error.code) : "";
        return /^[0-9A-Z]{5}$/.test(code) && !/^E(PIPE|TIME)$/.test(code) ? "unknown" : "silent";
      }
    },
    stop: async (ms) => {
      const rows = await ask<{ wait: string | null; blockers: string }>(ms, STOP).catch(() => []);
      const [stopped] = rows;
      if (stopped === undefined) return undefined;
      const { wait, blockers } = stopped;
      if (blockers !== "")
        return `the server was waiting for a lock that other sessions hold (process ${blockers} of the server)`;
      return `the server still at work${wait === null ? "" : ` (waiting for ${wait})`}`;
    },
  };
}

const WORKING = "(state = 'active' and coalesce(wait_event, '') not in ('ClientRead', 'ClientWrite'))";
const LOOK = `select state, ${WORKING} as working from pg_stat_activity where ${THIS_PROCESS}`;
const STOP = `
  with seen as materialized (
    select pid, wait_event_type || ' ' || wait_event as wait, array_to_string(pg_blocking_pids(pid), ', ') as blockers
    from pg_stat_activity where ${THIS_PROCESS} and ${WORKING}
  )
  select wait, blockers from seen where pg_terminate_backend(pid)`;

/** Runs one query over its own connection. */
export async function askOnce<Row extends object>(
  open: () => Client,
  timeoutMs: number,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const client = open();
  client.on("error", () => undefined);
  try {
    await within(client, timeoutMs, client.connect());
    return (await within(client, timeoutMs, client.query<Row>(text, [...values]))).rows;
  } finally {
    await within(client, timeoutMs, client.end()).catch(() => undefined);
  }
}
