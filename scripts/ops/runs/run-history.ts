import type { HistoryEvent } from "@aws-sdk/client-sfn";

/** The name of a state machine's state for a failed step (`failedState` of modules/workflow/failure-states.ts). */
const FAILED = /^(.+) failed$/;
/** The state that ends every run that failed. */
const END = "failed";

/** The states that a run entered, in order. */
export function enteredStates(history: readonly HistoryEvent[]): readonly string[] {
  return history.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
}

/**
 * The step at which a run failed, as in its message: with the failed element of a map. If the run was cut off, the
 * state that it was in.
 */
export function failedStep(history: readonly HistoryEvent[]): string | undefined {
  const told = history.findLast(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === END);
  const states = enteredStates(history).filter((state) => state !== END);
  const named = states.map((state) => FAILED.exec(state)?.[1]).find((step) => step !== undefined);
  return stepOf(told?.stateEnteredEventDetails?.input) ?? named ?? states.at(-1);
}

/** The value that the failure states leave at `$.step`. */
function stepOf(json: string | undefined): string | undefined {
  const value: unknown = json === undefined ? undefined : JSON.parse(json);
  return typeof value === "object" && value !== null && "step" in value ? String(value.step) : undefined;
}

/**
 * The input that runs it again on the same data: the objects that it loaded or, if it names none, its own input.
 *
 * @param input of the run, JSON
 */
export function replayInput(input: string, history: readonly HistoryEvent[]): { input: string; objects?: number } {
  const seen = history.flatMap(({ stateEnteredEventDetails, stateExitedEventDetails }) => [
    stateEnteredEventDetails?.input,
    stateExitedEventDetails?.output,
  ]);
  const objects = [input, ...seen].map(objectsOf).findLast((found) => found !== undefined);
  return objects === undefined ? { input } : { input: JSON.stringify({ objects }), objects: objects.length };
}

function objectsOf(json: string | undefined): readonly unknown[] | undefined {
  const value: unknown = json === undefined ? undefined : JSON.parse(json);
  const objects = typeof value === "object" && value !== null && "objects" in value ? value.objects : undefined;
  return Array.isArray(objects) ? objects : undefined;
}
