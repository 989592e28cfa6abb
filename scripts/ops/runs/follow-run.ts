import { setTimeout as wait } from "node:timers/promises";
import { MillraceError } from "../../../etl/core/errors";
import type { Session } from "../session";
import { enteredStates, failedStep } from "./run-history";
import type { Run, StateMachine } from "./state-machine";

const POLL_MS = 1_000;

/**
 * Waits for the end of a run, which goes on in AWS if this command is stopped.
 *
 * @returns its output
 * @throws MillraceError with the step and the reason when it does not succeed
 */
export function followRun(
  session: Pick<Session, "waiting" | "tell">,
  machine: StateMachine,
  run: Run,
  { onState = (state) => session.tell(`  ${state}`), rest = "" }: FollowOptions = {},
): Promise<unknown> {
  return session.waiting(
    () => `${describeGoing(machine, run)}${rest}`,
    () => untilEnd(machine, run, onState),
  );
}

export interface FollowOptions {
  /** Called with each state that it enters. @default tells it */
  readonly onState?: (state: string) => void;
  /** What else a stop leaves, behind the sentence about the run. */
  readonly rest?: string;
}

function describeGoing({ pipeline }: StateMachine, { name, arn }: Run): string {
  return (
    `the run ${name} goes on in AWS. npm run ops -- status ${pipeline} shows it, ` +
    `aws stepfunctions stop-execution --execution-arn ${arn} ends it`
  );
}

async function untilEnd(machine: StateMachine, run: Run, onState: (state: string) => void): Promise<unknown> {
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
