import { Account } from "../account";
import type { Topic } from "../messaging/topic";
import { publishTask } from "./publish-task";
import type { PassState, States, TaskState } from "./states";

/** Where each state's Catch puts the error output. */
export const FAILURE_PATH = "$.failure";
/** The state that takes the failed step's name at `$.step` and the error output at {@link FAILURE_PATH}. */
export const WHAT_CAUSE = "what cause";
/** The state that publishes the failure: `$.step`, the reason at `$.reason`, the error at {@link FAILURE_PATH}. */
export const PUBLISH_FAILURE = "publish failure";

export interface FailureStatesProps {
  /** The machine's name, for the message. */
  readonly machine: string;
  /** For the message's attributes. */
  readonly pipeline: string;
  readonly topic: Topic;
  /** The states whose Catch leads here. */
  readonly steps: readonly string[];
  /** States before the failure is published. @default none */
  readonly before?: { readonly startAt: string; readonly states: States };
  /** The state after it is published, or could not be; it must lead to `failed` */
  readonly after: string;
  /** End of the message. @default nothing */
  readonly note?: string;
}

/** The target of the Catch of `step`. */
export function failedState(step: string): string {
  return `${step} failed`;
}

/**
 * The states after a failed step: name the step, find the reason, publish both with a link to the execution, and fail
 * with the step's own error.
 *
 * The error output of a state always has `Error`, but not always `Cause`; the cause of a function's own error is JSON
 * text with `errorMessage`, that of a time-out is not (AWS Step Functions developer guide, "Handling errors"). A
 * missing path would end the execution without a message, so the forms are distinguished first.
 */
export function failureStates(props: FailureStatesProps): States {
  const { steps, before } = props;
  const then = before?.startAt ?? PUBLISH_FAILURE;
  const named = steps.map((step): [string, PassState] => [
    failedState(step),
    { Type: "Pass", Result: step, ResultPath: "$.step", Next: WHAT_CAUSE },
  ]);
  const cause = `${FAILURE_PATH}.Cause`;
  return {
    ...Object.fromEntries(named),
    [WHAT_CAUSE]: {
      Type: "Choice",
      Choices: [
        {
          And: [
            { Variable: cause, IsPresent: true },
            { Variable: cause, StringMatches: '{*"errorMessage":*}' },
          ],
          Next: "parse cause",
        },
        { Variable: cause, IsPresent: true, Next: "take cause" },
      ],
      Default: "no cause",
    },
    "parse cause": {
      Type: "Pass",
      Parameters: { "parsed.$": `States.StringToJson(${cause})` },
      ResultPath: "$.cause",
      Next: "take message",
    },
    "take message": {
      Type: "Pass",
      InputPath: "$.cause.parsed.errorMessage",
      ResultPath: "$.reason",
      Next: then,
    },
    "take cause": { Type: "Pass", InputPath: cause, ResultPath: "$.reason", Next: then },
    "no cause": { Type: "Pass", Result: "no cause was given", ResultPath: "$.reason", Next: then },
    ...before?.states,
    [PUBLISH_FAILURE]: publishFailure(props),
    failed: { Type: "Fail", ErrorPath: `${FAILURE_PATH}.Error`, CausePath: "$.reason" },
  };
}

function publishFailure({ note, after, ...of }: FailureStatesProps): TaskState {
  const account = Account.of(of.topic);
  const { region } = account;
  const console = `https://${account.consoleHost}/states/home?region=${region}#/v2/executions/details/{}`;
  const lines = [`${of.machine} failed at step {}.`, "Error: {}", "Reason: {}", `Execution: ${console}`];
  const format = [...lines, ...(note === undefined ? [] : [note])].join("\n");
  const message = `States.Format('${format}', $.step, ${FAILURE_PATH}.Error, $.reason, $$.Execution.Id)`;
  return publishTask({ ...of, end: "failed", message, next: after });
}
