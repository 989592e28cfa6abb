import type { Progress } from "../../../etl/core/ports";

/** Progress that holds on to a terminal while it is shown. */
export interface StoppableProgress extends Progress {
  /** Gives the terminal back; to be called however the run ends, before anything else is printed. */
  stop(): void;
}
