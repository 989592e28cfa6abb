import { type ChildProcess, fork } from "node:child_process";
import { on, once } from "node:events";
import type { RejectedLimit } from "../../../../etl/core/contract/rejected-limit";
import { MillraceError } from "../../../../etl/core/errors";
import type { ChunkCounts, FeedChunk } from "../../../../etl/feeds/run/events";
import { patience } from "../../open-database";
import type { ObjectSource } from "../open-objects";
import type { ChunkWorker } from "./chunk-workers";

/** The first message to a worker process. */
export interface WorkerTask {
  readonly databaseUrl: string;
  readonly source: ObjectSource;
  readonly contract: string;
  readonly maxRejected?: RejectedLimit;
  readonly runId: string;
  readonly code?: string;
}

/** Its answer to a chunk. */
export type WorkerAnswer =
  | "alive"
  | { readonly counts: ChunkCounts }
  | { readonly error: string /** Whether the user can act on it. */; readonly isExpected: boolean };

/** Time limit for a process's start. */
const STARTS_MS = 90_000;
/** As long as a database's, {@link patience}. */
const { silenceMs: SILENCE_MS = 30_000 } = patience();
/**
 * A worker sends a sign of life every few seconds, even while it waits; a worker that is silent for this long is
 * killed.
 */
export const SAYS_SO_MS = SILENCE_MS / 6;
const SILENT_MS = 3 * SILENCE_MS;
/** Time limit for closing a worker's connection when there is nothing more to do. */
const CLOSES_MS = 10_000;

/** How often a chunk is begun at most, if its process dies. */
const TRIES = 3;

/** Time limits for a worker, in milliseconds. */
export interface WorkerPatience {
  readonly startsMs: number;
  readonly silentMs: number;
  readonly closesMs: number;
}

const DEFAULT: WorkerPatience = { startsMs: STARTS_MS, silentMs: SILENT_MS, closesMs: CLOSES_MS };

/** A worker in its own process, with its own connection. If it dies, another takes its chunk. */
export class WorkerProcess implements ChunkWorker {
  readonly #task: WorkerTask;
  readonly #patience: WorkerPatience;
  #child: ChildProcess | undefined;
  #hasBegun = false;

  constructor(task: WorkerTask, patience: WorkerPatience = DEFAULT) {
    this.#task = task;
    this.#patience = patience;
  }

  async load(chunk: FeedChunk): Promise<ChunkCounts> {
    for (let tried = 1; ; tried += 1) {
      const answer = await this.#ask(chunk);
      if (typeof answer === "object") return readAnswer(answer);
      if (tried === TRIES) {
        throw new MillraceError(`A chunk's worker died ${TRIES} times`, {
          got: answer,
          where: { source: chunk.key, offset: chunk.start },
          fix: "Check that this machine has enough memory; what was loaded stays, run again for the rest",
        });
      }
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    if (child.connected) child.disconnect();
    if (child.exitCode !== null || child.signalCode !== null) return;
    const late = setTimeout(() => child.kill("SIGKILL"), this.#patience.closesMs);
    await once(child, "exit");
    clearTimeout(late);
  }

  /** @returns how the process ended, if it did not answer */
  async #ask(chunk: FeedChunk): Promise<Exclude<WorkerAnswer, "alive"> | string> {
    const child = this.#child ?? this.#start();
    // It may be frozen, and then handles no other signal.
    const { startsMs, silentMs } = this.#patience;
    const wait = (ms: number) => setTimeout(() => child.kill("SIGKILL"), ms);
    let silence = wait(this.#hasBegun ? silentMs : startsMs);
    const ended = new AbortController();
    const { signal } = ended;
    const exit = once(child, "exit", { signal }).then(([code, killedBy]) => `it ended with ${killedBy ?? code}`);
    const answer = async () => {
      for await (const [message] of on(child, "message", { signal })) {
        clearTimeout(silence);
        silence = wait(silentMs);
        this.#hasBegun = true;
        if (message !== "alive") return message as Exclude<WorkerAnswer, "alive">;
      }
      return "it was silent";
    };
    const answered = answer();
    child.send(chunk);
    const first = await Promise.race([exit, answered]);
    exit.catch(() => undefined);
    answered.catch(() => undefined);
    ended.abort();
    clearTimeout(silence);
    if (typeof first === "string") this.#child = undefined;
    return first;
  }

  /** The URL is sent as a message: the arguments of a process can be read by all users. */
  #start(): ChildProcess {
    const child = fork(require.resolve("./chunk-worker"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    child.once("exit", () => {
      if (this.#child === child) this.#child = undefined;
    });
    // An error of sending to an ended process: its exit reports the same.
    child.on("error", () => undefined);
    child.send(this.#task);
    this.#child = child;
    this.#hasBegun = false;
    return child;
  }
}

function readAnswer(answer: Exclude<WorkerAnswer, "alive">): ChunkCounts {
  if ("counts" in answer) return answer.counts;
  throw answer.isExpected ? new MillraceError(answer.error) : new Error(answer.error);
}
