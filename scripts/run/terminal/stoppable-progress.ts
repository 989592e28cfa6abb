import type { Progress } from "../../../etl/core/ports";

/** Progress that controls the terminal while it is shown. */
export interface StoppableProgress extends Progress {
  /** Releases the terminal; always call it at the run's end, before anything else is printed. */
  stop(): void;
}
