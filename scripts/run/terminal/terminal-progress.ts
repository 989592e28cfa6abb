import type { Stage } from "../../../etl/core/ports";
import { BarProgress } from "./bar-progress";
import { LineProgress } from "./line-progress";
import type { StoppableProgress } from "./stoppable-progress";

/** Shows a run's progress: bars on a terminal, occasional lines elsewhere. */
export class TerminalProgress implements StoppableProgress {
  readonly #progress: StoppableProgress;

  constructor(stream: NodeJS.WriteStream) {
    this.#progress = stream.isTTY ? new BarProgress(stream) : new LineProgress(stream);
  }

  advance(stage: Stage, subject: string, done: number, total?: number): void {
    this.#progress.advance(stage, subject, done, total);
  }

  finish(stage: Stage, subject: string): void {
    this.#progress.finish(stage, subject);
  }

  stop(): void {
    this.#progress.stop();
  }
}
