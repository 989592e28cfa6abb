import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { MillraceError } from "../../etl/core/errors";
import type { ChunkCounts, ImportChunk } from "../../etl/pipelines/import/events";
import type { ImportWorker } from "./import-workers";

/** What a worker process is told first. */
export interface WorkerTask {
  readonly databaseUrl: string;
  readonly from: string;
  readonly contract: string;
  readonly runId: string;
}

/** What it answers to a chunk. */
export type WorkerAnswer =
  | { readonly counts: ChunkCounts }
  | { readonly error: string /** A person can act on it. */; readonly isExpected: boolean };

/** How often a chunk is begun at most, when the process that loads it dies. */
const TRIES = 3;

/** A worker in a process of its own, with a connection of its own. When it dies, another takes its chunk. */
export class WorkerProcess implements ImportWorker {
  readonly #task: WorkerTask;
  #child: ChildProcess | undefined;

  constructor(task: WorkerTask) {
    this.#task = task;
  }

  async load(chunk: ImportChunk): Promise<ChunkCounts> {
    for (let tried = 1; ; tried += 1) {
      const answer = await this.#ask(chunk);
      if (typeof answer === "object") return readAnswer(answer);
      if (tried === TRIES) {
        throw new MillraceError(`A chunk's worker died ${TRIES} times`, {
          got: answer,
          where: { source: chunk.key, offset: chunk.start },
          fix: "See whether this machine has enough memory; what was loaded stays, run again for the rest",
        });
      }
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    child.disconnect();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }

  /** @returns how the process ended, where it did not answer */
  async #ask(chunk: ImportChunk): Promise<WorkerAnswer | string> {
    const child = this.#child ?? this.#start();
    const ended = new AbortController();
    const { signal } = ended;
    const exit = once(child, "exit", { signal }).then(([code, killedBy]) => `it ended with ${killedBy ?? code}`);
    const answer = once(child, "message", { signal }).then(([message]) => message as WorkerAnswer);
    child.send(chunk);
    const first = await Promise.race([exit, answer]);
    exit.catch(() => undefined);
    answer.catch(() => undefined);
    ended.abort();
    if (typeof first === "string") this.#child = undefined;
    return first;
  }

  /** The URL goes by message: the arguments of a process are for all to read. */
  #start(): ChildProcess {
    const child = fork(join(__dirname, "import-worker.ts"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    child.once("exit", () => {
      if (this.#child === child) this.#child = undefined;
    });
    // Of a message to a process that is gone: its exit tells the same.
    child.on("error", () => undefined);
    child.send(this.#task);
    this.#child = child;
    return child;
  }
}

function readAnswer(answer: WorkerAnswer): ChunkCounts {
  if ("counts" in answer) return answer.counts;
  throw answer.isExpected ? new MillraceError(answer.error) : new Error(answer.error);
}
