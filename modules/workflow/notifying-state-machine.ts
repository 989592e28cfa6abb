import { Construct } from "constructs";
import { Account } from "../account";
import type { NodeFunction } from "../function/node-function";
import type { Topic } from "../messaging/topic";
import { type DistributedMap, grantMap, itemFailureStates, mapState, whichItem } from "./distributed-map";
import {
  FAILURE_PATH,
  failedState,
  failureStates,
  PUBLISH_FAILURE,
  PUBLISH_TIMEOUT_SECONDS,
  WHAT_CAUSE,
} from "./failure-states";
import { invokeTask } from "./invoke-task";
import { linkStates, SIGN_LINK, withLink } from "./link-states";
import { addMachineAlarms } from "./machine-alarms";
import { messageHead } from "./message-head";
import { longestSeconds, publishRetries, queueRetries } from "./retries";
import { StateMachine, type StateMachineProps } from "./state-machine";
import type { ChoiceState, PassState, States, TaskState } from "./states";

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
  /** How often it is tried again where its function was killed. @default once */
  readonly kills?: number;
  /** The next state. @default the end, with the notification of success */
  readonly next?: string;
  /** Goes on for up to an hour where many executions call the function at once. @default false: as of any error of Lambda */
  readonly queues?: boolean;
  /** The name of its error that says that elements of a map failed: the last of them is told in its place. @default none does */
  readonly elements?: { readonly of: string; readonly failed: string };
  /** What all its calls may take, where choices lead back to it. @default those of one */
  readonly longestSeconds?: number;
}

/** A function that is told of a failed execution, before the message goes out. That it fails itself changes nothing. */
export interface FailureStep extends Pick<Step, "function" | "payload" | "retryOn"> {
  /** Only where the state has this path. */
  readonly when: string;
  /** What is kept of its result; nothing, where it fails itself. @default nothing */
  readonly keeps?: Pick<Step, "resultSelector" | "resultPath">;
}

export interface NotifyingStateMachineProps extends Omit<StateMachineProps, "definition"> {
  readonly topic: Topic;
  /** What its messages bear as the attribute `pipeline`. */
  readonly pipeline: string;
  readonly startAt: string;
  readonly steps: Readonly<Record<string, Step>>;
  /** Steps that run once for each element of an array in S3. @default none */
  readonly maps?: Readonly<Record<string, DistributedMap>>;
  /** @default nobody but the topic is told */
  readonly onFailure?: FailureStep;
  /** The state that follows a success that is told; it leads to the one named `succeeded`. @default that one */
  readonly afterSuccess?: string;
  /** The state that follows a failure that is told; it leads to the one named `failed`. @default that one */
  readonly afterFailure?: string;
  /** States that decide between steps, or prepare their input; a state whose next is {@link TOLD} leads to the end. @default none */
  readonly choices?: Readonly<Record<string, ChoiceState | PassState>>;
  /**
   * The message of success: an intrinsic function (`States.Format(…)`) over the last step's output.
   * @default none: failures alone are told
   */
  readonly successMessage?: string;
  /** The page of what the pipeline has stored. @default none */
  readonly page?: RunPage;
  /** Signs links that the message of success ends with. That it fails itself changes nothing else. @default no links */
  readonly link?: NodeFunction;
}

/** How a run's page is made, and told of. That it fails changes nothing of the run: the function has an alarm. */
export interface RunPage {
  /** What each message ends with: where the page is. */
  readonly note: string;
  /** Makes it, given the pipeline and, after a failure, the step. @default nobody does after a run */
  readonly function?: NodeFunction;
}

/** What follows the last step: the notification of success. */
export const TOLD = "told";

const PUBLISH_SUCCESS = "publish success";
const SUCCEEDED = "succeeded";
const FAILED = "failed";
const RENDER = "render";
const RENDER_FAILED = "render failed run";
const WHETHER_TO_TELL = "whether to tell of failure";
const TELL_OF_FAILURE = "tell of failure";

/**
 * A state machine whose executions end with one message to the topic: what it did, where that is asked for, or at which
 * step it failed, why, and a link. A Catch on every step sees to that, whoever started the execution.
 *
 * The machine's own time-out would skip every Catch, so it is what all attempts of all states can take together; how
 * many elements a Distributed Map has is not known before it runs, so that it brings its own longest time.
 *
 * ```ts
 * new NotifyingStateMachine(this, "machine", {
 *   name: "millrace-dev-visits",
 *   description: "Visits of a day",
 *   key,
 *   logRetentionDays: 30,
 *   topic,
 *   pipeline: "visits",
 *   startAt: "count",
 *   steps: {
 *     count: {
 *       function: count,
 *       payload: {},
 *       resultSelector: { "visits.$": "$.Payload.visits" },
 *       resultPath: "$",
 *       retryOn: ["TransientDatabaseError"],
 *     },
 *   },
 *   successMessage: "States.Format('There were {} visits', $.visits)",
 * });
 * ```
 */
export class NotifyingStateMachine extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, props: NotifyingStateMachineProps) {
    super(scope, id);
    const {
      name,
      topic,
      pipeline,
      startAt,
      steps,
      maps = {},
      choices = {},
      onFailure,
      successMessage,
      afterSuccess = SUCCEEDED,
      afterFailure = FAILED,
      page,
      link,
      ...rest
    } = props;
    const render = page?.function;
    const last = render === undefined ? afterSuccess : RENDER;
    const told = successMessage === undefined ? last : PUBLISH_SUCCESS;
    // Where nothing is told, there is nothing to put a link into.
    const signer = successMessage === undefined ? undefined : link;
    const end = signer === undefined ? told : SIGN_LINK;
    const tasks: Record<string, TaskState> = {
      ...Object.fromEntries(Object.entries(steps).map(([step, settings]) => [step, invoke(step, settings, end)])),
      ...(successMessage !== undefined && {
        [PUBLISH_SUCCESS]: publishSuccess({
          machine: name,
          pipeline,
          topic,
          message: messageOf(successMessage, page, signer),
          next: last,
        }),
      }),
      ...(render !== undefined && {
        [RENDER]: renderPage(render, { pipeline }, afterSuccess),
        [RENDER_FAILED]: renderPage(render, { pipeline, "failedStep.$": "$.step" }, afterFailure),
      }),
    };
    const states: States = {
      ...Object.fromEntries(Object.entries(choices).map(([name, state]) => [name, leadTo(state, end)])),
      ...tasks,
      ...(signer === undefined ? {} : linkStates({ pipeline, link: signer, next: told })),
      ...Object.fromEntries(Object.entries(maps).map(([step, map]) => [step, mapState(step, map)])),
      ...Object.assign({}, ...Object.entries(maps).map(([step, map]) => itemFailureStates(step, map, WHAT_CAUSE))),
      [SUCCEEDED]: { Type: "Succeed" },
      ...failureStates({
        machine: name,
        pipeline,
        topic,
        steps: [...Object.keys(steps), ...Object.keys(maps)],
        before: onFailure && { startAt: WHETHER_TO_TELL, states: tellOfFailure(onFailure) },
        ...(page !== undefined && { note: page.note }),
        after: render === undefined ? afterFailure : RENDER_FAILED,
      }),
    };
    this.machine = new StateMachine(this, "machine", {
      ...rest,
      name,
      definition: {
        Comment: rest.description,
        StartAt: startAt,
        TimeoutSeconds: longestRun(states, [...Object.values(maps), ...Object.values(steps)]),
        States: states,
      },
    });
    addMachineAlarms(this, { name, machineArn: this.machine.arn, topic });
    topic.grantPublish(this.machine);
    for (const { function: fn } of Object.values(steps)) fn.grantInvoke(this.machine);
    for (const map of Object.values(maps)) grantMap(this.machine, map);
    onFailure?.function.grantInvoke(this.machine);
    render?.grantInvoke(this.machine);
    signer?.grantInvoke(this.machine);
  }
}

function leadTo(state: ChoiceState | PassState, end: string): ChoiceState | PassState {
  return state.Type === "Pass" && state.Next === TOLD ? { ...state, Next: end } : state;
}

/** What a run did, where its page is, and links to it. */
function messageOf(success: string, page: RunPage | undefined, signer: NodeFunction | undefined): string {
  const noted = page === undefined ? success : `States.Format('{}\n${page.note}', ${success})`;
  return signer === undefined ? noted : withLink(noted);
}

interface PublishedSuccess {
  readonly machine: string;
  readonly pipeline: string;
  readonly topic: Topic;
  readonly message: string;
  /** Whether it could be told or not. */
  readonly next: string;
}

function invoke(step: string, settings: Step, end: string): TaskState {
  const { function: fn, payload, resultSelector, resultPath, retryOn, next = end, queues = false, elements } = settings;
  const task = invokeTask(fn, payload, retryOn, settings.kills);
  return {
    ...task,
    Retry: queues ? [...queueRetries, ...task.Retry] : task.Retry,
    ResultSelector: resultSelector,
    ResultPath: resultPath,
    Catch: [
      ...(elements === undefined
        ? []
        : [{ ErrorEquals: [elements.failed], ResultPath: FAILURE_PATH, Next: whichItem(elements.of) }]),
      { ErrorEquals: ["States.ALL"], ResultPath: FAILURE_PATH, Next: failedState(step) },
    ],
    Next: next,
  };
}

function tellOfFailure({ when, function: fn, payload, retryOn, keeps }: FailureStep): States {
  return {
    [WHETHER_TO_TELL]: {
      Type: "Choice",
      Choices: [{ Variable: when, IsPresent: true, Next: TELL_OF_FAILURE }],
      Default: PUBLISH_FAILURE,
    },
    [TELL_OF_FAILURE]: {
      ...invokeTask(fn, payload, retryOn),
      ...(keeps !== undefined && { ResultSelector: keeps.resultSelector }),
      ResultPath: keeps?.resultPath ?? null,
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: PUBLISH_FAILURE }],
      Next: PUBLISH_FAILURE,
    },
  };
}

/** Its own failures are not tried again: the next run makes the page anew. */
function renderPage(fn: NodeFunction, payload: Readonly<Record<string, unknown>>, next: string): TaskState {
  return {
    ...invokeTask(fn, payload, []),
    ResultPath: null,
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: next }],
    Next: next,
  };
}

function publishSuccess({ machine, pipeline, topic, message, next }: PublishedSuccess): TaskState {
  return {
    Type: "Task",
    Resource: Account.of(topic).integration("sns:publish"),
    Parameters: { ...messageHead(topic, { machine, pipeline, end: "succeeded" }), "Message.$": message },
    ResultPath: null,
    TimeoutSeconds: PUBLISH_TIMEOUT_SECONDS,
    Retry: publishRetries,
    // What was loaded stays loaded: that nobody heard of it stands in the machine's log, with the error.
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE_PATH, Next: next }],
    Next: next,
  };
}

function longestRun(states: States, loops: readonly { readonly longestSeconds?: number }[]): number {
  const tasks = Object.values(states).reduce(
    (sum, state) => (state.Type === "Task" ? sum + longestSeconds(state.TimeoutSeconds, state.Retry) : sum),
    60,
  );
  return loops.reduce((sum, { longestSeconds: more = 0 }) => sum + more, tasks);
}
