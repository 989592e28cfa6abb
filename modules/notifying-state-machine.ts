import { Construct } from "constructs";
import { Account } from "./account";
import { FAILURE_PATH, failedState, failureStates, PUBLISH_TIMEOUT_SECONDS } from "./failure-states";
import { addMachineAlarms } from "./machine-alarms";
import type { NodeFunction } from "./node-function";
import { longestSeconds, publishRetries, stepRetries } from "./retries";
import { StateMachine, type StateMachineProps } from "./state-machine";
import type { ChoiceState, States, TaskState } from "./states";
import type { Topic } from "./topic";

/** One Lambda of a pipeline as a state. */
export interface Step {
  readonly function: NodeFunction;
  /** The function's event; keys that end in `.$` are JSONPaths into the state's input. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** What is kept of the function's result, which lies under `$.Payload`. */
  readonly resultSelector: Readonly<Record<string, unknown>>;
  /** Where that goes in the state's output, for example `$.load`; `$` replaces the input. */
  readonly resultPath: string;
  /** Names of the function's own errors that may pass by themselves; tried again with growing delays. */
  readonly retryOn: readonly string[];
  /** The next state. @default the notification of success */
  readonly next?: string;
}

export interface NotifyingStateMachineProps extends Omit<StateMachineProps, "definition"> {
  readonly topic: Topic;
  readonly startAt: string;
  readonly steps: Readonly<Record<string, Step>>;
  /** States that decide between steps. @default none */
  readonly choices?: Readonly<Record<string, ChoiceState>>;
  /** The message of success: an intrinsic function (`States.Format(…)`) over the last step's output. */
  readonly successMessage: string;
}

const PUBLISH_SUCCESS = "publish success";

/**
 * A state machine whose every execution ends with one message to the topic: what it did, or at which step it
 * failed, why, and a link. A Catch on every step sees to that, whoever started the execution.
 *
 * The machine's own time-out would skip every Catch, so it is what all attempts of all states can take together.
 */
export class NotifyingStateMachine extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, props: NotifyingStateMachineProps) {
    super(scope, id);
    const { name, topic, startAt, steps, choices = {}, successMessage, ...rest } = props;
    const tasks: Record<string, TaskState> = {
      ...Object.fromEntries(Object.entries(steps).map(([step, settings]) => [step, invoke(step, settings)])),
      [PUBLISH_SUCCESS]: publishSuccess(name, topic, successMessage),
    };
    const states: States = {
      ...choices,
      ...tasks,
      succeeded: { Type: "Succeed" },
      ...failureStates({
        machine: name,
        region: Account.of(this).region,
        topicArn: topic.arn,
        steps: Object.keys(tasks),
      }),
    };
    this.machine = new StateMachine(this, "machine", {
      ...rest,
      name,
      definition: { Comment: rest.description, StartAt: startAt, TimeoutSeconds: longestRun(states), States: states },
    });
    addMachineAlarms(this, { name, machineArn: this.machine.arn, topic });
    topic.grantPublish(this.machine);
    for (const { function: fn } of Object.values(steps)) fn.grantInvoke(this.machine);
  }
}

function invoke(step: string, { function: fn, payload, resultSelector, resultPath, retryOn, next }: Step): TaskState {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: fn.arn, Payload: payload },
    ResultSelector: resultSelector,
    ResultPath: resultPath,
    // Lambda's own time-out comes first: its error says more. It does not count the start of a cold function, which
    // may take 10 s (AWS Lambda developer guide, "Init phase").
    TimeoutSeconds: fn.timeoutSeconds + 15,
    Retry: stepRetries(retryOn),
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE_PATH, Next: failedState(step) }],
    Next: next ?? PUBLISH_SUCCESS,
  };
}

function publishSuccess(machine: string, topic: Topic, message: string): TaskState {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::sns:publish",
    Parameters: { TopicArn: topic.arn, Subject: `${machine} succeeded`, "Message.$": message },
    ResultPath: null,
    TimeoutSeconds: PUBLISH_TIMEOUT_SECONDS,
    Retry: publishRetries,
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE_PATH, Next: failedState(PUBLISH_SUCCESS) }],
    Next: "succeeded",
  };
}

function longestRun(states: States): number {
  return Object.values(states).reduce(
    (sum, state) => (state.Type === "Task" ? sum + longestSeconds(state.TimeoutSeconds, state.Retry) : sum),
    60,
  );
}
