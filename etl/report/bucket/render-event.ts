import * as z from "zod";
import type { PipelineState } from "../index/render-index";

/** What the function is called with, by a state machine that names its pipeline, or by the clock that names none. */
export const renderEvent = z.object({
  pipeline: z.string().min(1).optional(),
  /** The step that a run failed at. */
  failedStep: z.string().optional(),
});

/**
 * The state of a pipeline as the ledger tells it, and as the run's end does: a run that failed before it came to the database
 * stands in no ledger.
 */
export function stateAfter(
  name: string,
  known: readonly PipelineState[],
  { failedStep, now }: { readonly failedStep?: string; readonly now: Date },
): PipelineState {
  const never = { name, status: "waiting", at: null, succeeded: null, summary: "no run yet" };
  const state = known.find((each) => each.name === name) ?? never;
  return failedStep === undefined
    ? state
    : { ...state, status: "failed", at: now, summary: `the run failed at step ${failedStep}` };
}
