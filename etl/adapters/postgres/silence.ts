import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { OutOfTimeError } from "../../core/in-time";

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
/** What is left at last, for the process itself. */
const LAST_MS = 1_000;
/** Of the former, for the server to say what it is at. */
const ASK_MS = 2_000;
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

/** The session's process as a second connection sees it. */
export interface SecondView {
  readonly look: () => Promise<Activity>;
  /** Ends the process where it is at work, so that no lock outlives the wait. @returns what it was at, if that is known */
  readonly stop: (timeoutMs: number) => Promise<string | undefined>;
}

/**
 * Waits for answers of one connection, and no longer than the server is at work. A limit by the clock alone would end a load
 * that is merely large. So a second connection looks what the first one's process does: where it works, the wait goes on;
 * where it waits for this side, is gone, or the server cannot be reached, nothing will come, and the connection is given up.
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
    // One that is opened when the time is nearly up is there to tell it.
    const { remainingMs = () => Number.POSITIVE_INFINITY } = patience;
    this.#reserveMs = remainingMs() > TELL_MS ? TELL_MS : LAST_MS;
  }

  /** @throws an error with the code ETIMEDOUT or, where the server was at work when the time was up, ETIME; the connection is closed then */
  async bound<Result>(
    work: Promise<Result>,
    waiting: Waiting = { progress: 0, isItsTurn: true, bytes: 0 },
  ): Promise<Result> {
    const ended = new AbortController();
    const { signal } = ended;
    try {
      // Once the time is up, that is the reason, not what the ended session says.
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
    // The rows that the server waits for did not come.
    if (!waiting.isItsTurn) throw new OutOfTimeError();
    const doing = await this.#view.stop(ASK_MS);
    const late = "when the function's time was nearly up";
    throw doing === undefined
      ? giveUp(this.#client, `the server had not answered ${late}`)
      : giveUp(this.#client, `${doing} ${late}`, "ETIME");
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

/** @param code ETIME where the server was at work all the time */
function giveUp(client: Client, message: string, code: "ETIMEDOUT" | "ETIME" = "ETIMEDOUT"): Error {
  const error = Object.assign(new Error(message), { code });
  client.connection.stream.destroy();
  return error;
}

/** @returns false where it was cut short */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return sleep(Math.min(ms, 2 ** 31 - 1), true, { signal }).catch(() => false);
}

/** A process of the server, told from a later one of the same number by when it began. */
export interface ServerProcess {
  readonly pid: number;
  readonly since: string;
}

/** Of `pg_stat_activity`, the row of a {@link ServerProcess}. */
export const THIS_PROCESS = "pid = $1 and backend_start::text = $2";

/**
 * Sees the process of a session through connections of its own.
 *
 * @param current the process, as it is when it is asked for
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
        return `the server waiting for a lock that other sessions hold (process ${blockers} of the server)`;
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

/** Asks one thing over a connection of its own. */
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
