import { Construct } from "constructs";
import type { NodeFunction } from "../function/node-function";
import type { Topic } from "../messaging/topic";
import { type DistributedMap, grantMap, itemFailureStates, mapState, whichItem } from "./distributed-map";
import { FAILURE_PATH, failedState, failureStates, PUBLISH_FAILURE, WHAT_CAUSE } from "./failure-states";
import { invokeTask } from "./invoke-task";
import { linkStates, SIGN_LINK, withLink } from "./link-states";
import { addMachineAlarms } from "./machine-alarms";
import { publishTask } from "./publish-task";
import { longestSeconds, queueRetries } from "./retries";
import { StateMachine, type StateMachineProps } from "./state-machine";
import type { ChoiceState, PassState, States, TaskState } from "./states";

/** One Lambda of a pipeline as a state. */
export interface Step {
  readonly function: NodeFunction;
  /** The function's event; keys that end in `.$` are JSONPaths into the state's input. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** The part kept of the function's result, which is under `$.Payload`. */
  readonly resultSelector: Readonly<Record<string, unknown>>;
  /** Its place in the state's output, for example `$.load`; `$` replaces the input. */
  readonly resultPath: string;
  /** Names of the function's transient errors; tried again with growing delays. */
  readonly retryOn: readonly string[];
  /** How often it is tried again where its function was killed. @default once */
  readonly kills?: number;
  /** The next state. @default the end, with the notification of success */
  readonly next?: string;
  /**
   * Whether throttled calls are tried for up to an hour, for a function that many executions call at once. @default
   * false: as for any error of Lambda
   */
  readonly queues?: boolean;
  /**
   * The name of its error for failed elements of a map: the last element's error is reported in its place. @default
   * none
   */
  readonly elements?: { readonly of: string; readonly failed: string };
  /** Time limit of all its calls, if choices lead back to it. @default that of one call */
  readonly longestSeconds?: number;
}

/** A function called when an execution fails, before the message is sent. Its own failure is ignored. */
export interface FailureStep extends Pick<Step, "function" | "payload" | "retryOn"> {
  /** Called only if the state has this path. */
  readonly when: string;
  /** The part kept of its result; nothing if it fails itself. @default nothing */
  readonly keeps?: Pick<Step, "resultSelector" | "resultPath">;
}

export interface NotifyingStateMachineProps extends Omit<StateMachineProps, "definition"> {
  readonly topic: Topic;
  /** The attribute `pipeline` of its messages. */
  readonly pipeline: string;
  readonly startAt: string;
  readonly steps: Readonly<Record<string, Step>>;
  /** Steps that run once for each element of an array in S3. @default none */
  readonly maps?: Readonly<Record<string, DistributedMap>>;
  /** @default only the topic is notified */
  readonly onFailure?: FailureStep;
  /** The state after a notified success; it must lead to `succeeded`. @default `succeeded` */
  readonly afterSuccess?: string;
  /** The state after a notified failure; it must lead to `failed`. @default `failed` */
  readonly afterFailure?: string;
  /**
   * States that choose between steps, or prepare their input; one whose next is {@link TOLD} leads to the end. @default
   * none
   */
  readonly choices?: Readonly<Record<string, ChoiceState | PassState>>;
  /**
   * The message of success: an intrinsic function (`States.Format(…)`) over the last step's output. @default none: only
   * failures are notified
   */
  readonly successMessage?: string;
  /** The page of the pipeline's data. @default none */
  readonly page?: RunPage;
  /** Signs the links at the end of the message of success. Its own failure changes nothing else. @default no links */
  readonly link?: NodeFunction;
}

/** How a run's page is made and announced. Its failure does not change the run: the function has an alarm. */
export interface RunPage {
  /** End of each message: the place of the page. */
  readonly note: string;
  /** Makes it; called with the pipeline and, after a failure, the step. @default none: not made after a run */
  readonly function?: NodeFunction;
}

/** The state after the last step: the notification of success. */
export const TOLD = "told";

const PUBLISH_SUCCESS = "publish success";
const SUCCEEDED = "succeeded";
const FAILED = "failed";
const RENDER = "render";
const RENDER_FAILED = "render failed run";
const WHETHER_TO_TELL = "whether to tell of failure";
const TELL_OF_FAILURE = "tell of failure";

/**
 * A state machine whose executions end with one message to the topic: what it did, if requested, or at which step it
 * failed, why, and a link. A Catch on every step ensures this, however the execution was started.
 *
 * The machine's own time-out would skip every Catch, so it is the sum of all attempts of all states; the number of a
 * Distributed Map's elements is not known before it runs, so it has its own time limit.
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
    // Without a message there is nothing to put a link into.
    const signer = successMessage === undefined ? undefined : link;
    const end = signer === undefined ? told : SIGN_LINK;
    const tasks: Record<string, TaskState> = {
      ...Object.fromEntries(Object.entries(steps).map(([step, settings]) => [step, invoke(step, settings, end)])),
      ...(successMessage !== undefined && {
        // Loaded records stay loaded: the machine's log has the error of the missing message.
        [PUBLISH_SUCCESS]: publishTask({
          ...{ machine: name, pipeline, topic, end: "succeeded", failurePath: FAILURE_PATH, next: last },
          message: messageOf(successMessage, page, signer),
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

/** The run's results, the place of its page, and links to it. */
function messageOf(success: string, page: RunPage | undefined, signer: NodeFunction | undefined): string {
  const noted = page === undefined ? success : `States.Format('{}\n${page.note}', ${success})`;
  return signer === undefined ? noted : withLink(noted);
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

/** Its own failures are not tried again: the next run makes the page again. */
function renderPage(fn: NodeFunction, payload: Readonly<Record<string, unknown>>, next: string): TaskState {
  return {
    ...invokeTask(fn, payload, []),
    ResultPath: null,
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: next }],
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
