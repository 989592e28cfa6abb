import { setTimeout as wait } from "node:timers/promises";
import { MillraceError } from "../../../etl/core/errors";
import { enteredStates, failedStep } from "./run-history";
import type { Run, StateMachine } from "./state-machine";

const POLL_MS = 1_000;

/**
 * Waits for the end of a run.
 *
 * @param onState called with each state that it enters
 * @returns its output
 * @throws MillraceError with the step and the reason when it does not succeed
 */
export async function followRun(machine: StateMachine, run: Run, onState: (state: string) => void): Promise<unknown> {
  for (let told = 0; ; ) {
    const { status = "", output = "null", error, cause } = await machine.describe(run);
    const history = await machine.history(run);
    const states = enteredStates(history);
    for (const state of states.slice(told)) onState(state);
    told = states.length;
    if (status === "SUCCEEDED") return JSON.parse(output);
    if (status !== "RUNNING") throw runFailed(run, { status, error, cause, step: failedStep(history) });
    await wait(POLL_MS);
  }
}

/** How a failed run ended. */
export interface RunFailure {
  readonly status: string;
  readonly step?: string;
  readonly error?: string;
  readonly cause?: string;
}

export function describeFailure({ status, step, error, cause }: RunFailure): string {
  const reason = [error, cause].filter((part) => part !== undefined && part !== "").join(": ");
  const at = step === undefined ? "" : ` at step ${step}`;
  return `${status.toLowerCase().replaceAll("_", " ")}${at}${reason === "" ? "" : `: ${reason}`}`;
}

function runFailed(run: Run, failure: RunFailure): MillraceError {
  return new MillraceError(`The run ${run.name} ${describeFailure(failure)}`, {
    fix: "See its logs; after fixing the cause, start or replay it",
  });
}
