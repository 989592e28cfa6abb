import type { HistoryEvent } from "@aws-sdk/client-sfn";

/** What a state machine's state of a failed step is called (`failedState` of modules/failure-states.ts). */
const FAILED = /^(.+) failed$/;

/** The states that a run came to, in their order. */
export function enteredStates(history: readonly HistoryEvent[]): readonly string[] {
  return history.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
}

/** The step at which a run failed; where it was cut off, the state that it was in. */
export function failedStep(history: readonly HistoryEvent[]): string | undefined {
  const states = enteredStates(history);
  const named = states.map((state) => FAILED.exec(state)?.[1]).find((step) => step !== undefined);
  return named ?? states.at(-1);
}

/**
 * What starts a run again on the same data: the objects that it loaded, or where it names none, its own input.
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
