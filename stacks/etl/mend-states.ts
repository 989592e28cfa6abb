import type { NodeFunction } from "../../modules/function/node-function";
import { type Step, TOLD as THE_END } from "../../modules/workflow/notifying-state-machine";
import type { PassState } from "../../modules/workflow/states";
import { TRANSIENT_ERRORS } from "./pipeline";

/** What the message of success says, whichever way a run took. */
export const TOLD_TEXT = "$.told.text";

/** The first choice of a machine: a person's corrected rows, `{"mend": {"key": …, "by": …}}`, and no run of its sources. */
export const isMend = { Variable: "$.mend", IsPresent: true, Next: "mend" } as const;

/** The choice after it: runs to undo, `{"undo": {"run": …, "by": …}}`, and none of the sources either. */
export const isUndo = { Variable: "$.undo", IsPresent: true, Next: "undo" } as const;

/** Before the end of a run of sources. @param message an intrinsic function */
export function telling(message: string): PassState {
  return { Type: "Pass", Parameters: { "text.$": message }, ResultPath: "$.told", Next: THE_END };
}

/**
 * The step `mend`: the function that loads reads the file of corrected rows, and loads them.
 *
 * @param besides what else the machine's states read after a run
 */
export function mendStep(fn: NodeFunction, besides: Readonly<Record<string, unknown>> = {}): Step {
  return personStep(fn, { "mend.$": "$.mend" }, { "mended.$": "$.Payload.report", ...besides });
}

/** The step `undo`: the function that loads undoes runs of the pipeline. @param besides as of {@link mendStep} */
export function undoStep(fn: NodeFunction, besides: Readonly<Record<string, unknown>> = {}): Step {
  return personStep(fn, { "undo.$": "$.undo" }, { "undone.$": "$.Payload.report", ...besides });
}

type Part = Readonly<Record<string, unknown>>;

/** What a person asks for, with what it keeps of the function's result. */
function personStep(fn: NodeFunction, asked: Part, kept: Part): Step {
  return {
    function: fn,
    payload: { ...asked, "execution.$": "$$.Execution.Id" },
    resultSelector: { told: { "text.$": "$.Payload.text" }, ...kept },
    resultPath: "$",
    retryOn: TRANSIENT_ERRORS,
    // A run may be in the function, whose only call it is.
    queues: true,
  };
}
