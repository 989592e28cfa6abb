import * as z from "zod";
import type { PipelineState } from "../index/render-index";

/** The function's event, from a state machine that names its pipeline, or from a schedule that names none. */
export const renderEvent = z.object({
  pipeline: z.string().min(1).optional(),
  /** The step at which a run failed. */
  failedStep: z.string().optional(),
});

/**
 * The state of a pipeline from the ledger and from the run's end: a run that failed before it reached the database is
 * in no ledger.
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
