import type { Stage } from "../../../etl/core/ports";
import { formatDone } from "./amount";
import type { StoppableProgress } from "./stoppable-progress";

/** Milliseconds between two lines about one subject. */
const INTERVAL_MS = 5_000;

interface Subject {
  spokenAt: number;
  done: number;
}

/**
 * Prints a run's progress as plain lines, for logs and pipes: each subject when it is done, and every five seconds
 * until then.
 */
export class LineProgress implements StoppableProgress {
  readonly #stream: { write(text: string): unknown };
  readonly #now: () => number;
  readonly #subjects = new Map<string, Subject>();

  constructor(stream: { write(text: string): unknown }, now: () => number = Date.now) {
    this.#stream = stream;
    this.#now = now;
  }

  advance(stage: Stage, subject: string, done: number, total?: number): void {
    const name = `${stage} ${subject}`;
    const known = this.#subjects.get(name);
    if (known === undefined) {
      this.#subjects.set(name, { spokenAt: this.#now(), done });
      return;
    }
    known.done = done;
    if (this.#now() - known.spokenAt < INTERVAL_MS) return;
    known.spokenAt = this.#now();
    this.#stream.write(`${name}: ${formatDone(stage, done, total)}\n`);
  }

  finish(stage: Stage, subject: string): void {
    const name = `${stage} ${subject}`;
    const known = this.#subjects.get(name);
    this.#subjects.delete(name);
    this.#stream.write(`${name}: ${known === undefined ? "done" : `${formatDone(stage, known.done)}, done`}\n`);
  }

  stop(): void {
    this.#subjects.clear();
  }
}
