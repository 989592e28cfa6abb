import type { StoppableProgress } from "./stoppable-progress";

/** Shows nothing. */
export class SilentProgress implements StoppableProgress {
  advance(): void {}

  finish(): void {}

  stop(): void {}
}
