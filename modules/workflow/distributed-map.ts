import { Account } from "../account";
import type { NodeFunction } from "../function/node-function";
import type { Bucket } from "../storage/bucket";
import { FAILURE_PATH, failedState } from "./failure-states";
import { invokeTask } from "./invoke-task";
import { publishRetries } from "./retries";
import type { StateMachine } from "./state-machine";
import type { FailState, LastTaskState, MapState, Retrier, States, TaskState } from "./states";

/** One Lambda of a pipeline that is called for each element of a JSON array in S3, as a state. */
export interface DistributedMap {
  readonly function: NodeFunction;
  /** JSONPaths into the state's input: the place of the array. */
  readonly items: { readonly bucketPath: string; readonly keyPath: string };
  /** The function's event; JSONPaths into the state's input, the element is `$$.Map.Item.Value`. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Name of the element in failures: an intrinsic function over `$.event`, which is the payload. */
  readonly itemName: string;
  /** Names of the function's transient errors; tried again with growing delays. */
  readonly retryOn: readonly string[];
  /** Number of elements processed at once. */
  readonly maxConcurrency: number;
  /** Where Step Functions reads the array, and writes the results of the elements below `prefix`. */
  readonly bucket: Bucket;
  /** Ends with a slash. */
  readonly prefix: string;
  /** Time limit of all elements together, shorter than the machine's own time-out. */
  readonly longestSeconds: number;
  /** The next state. */
  readonly next: string;
}

const S3_TIMEOUT_SECONDS = 30;

/** Step Functions' own two requests to S3 around the elements; repeating them is safe. */
const mapRetries: readonly Retrier[] = [
  {
    ErrorEquals: ["States.ItemReaderFailed", "States.ResultWriterFailed"],
    IntervalSeconds: 10,
    BackoffRate: 3,
    MaxAttempts: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: "FULL",
  },
];

/** Reads what a failed element wrote, if anything. */
const readRetries: readonly Retrier[] = [
  {
    ErrorEquals: ["States.TaskFailed"],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 2,
    MaxDelaySeconds: 5,
    JitterStrategy: "FULL",
  },
];

/**
 * The state itself. Each element is a standard execution of its own, as an express one ends after 5 minutes. The
 * results go to S3: as the state's output, those of some thousand elements would exceed its limit of 256 KiB.
 *
 * However many elements fail, all others are processed, and the state succeeds: a later step finds out, and fails
 * ({@link Step.elements}).
 */
export function mapState(step: string, map: DistributedMap): MapState {
  const { bucket, prefix, items, payload, maxConcurrency, next } = map;
  return {
    Type: "Map",
    Label: label(step),
    ItemReader: {
      Resource: Account.of(bucket).integration("s3:getObject"),
      ReaderConfig: { InputType: "JSON" },
      Parameters: { "Bucket.$": items.bucketPath, "Key.$": items.keyPath },
    },
    ItemSelector: { event: payload, "run.$": "$$.Execution.Name" },
    MaxConcurrency: maxConcurrency,
    // A failure does not affect the other elements.
    ToleratedFailurePercentage: 100,
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      StartAt: itemState(step),
      States: {
        [itemState(step)]: invokeForItem(step, map),
        [keepState(step)]: keepFailure(step, map),
        [itemFailedState(step)]: itemFailed,
      },
    },
    ResultWriter: {
      Resource: Account.of(bucket).integration("s3:putObject"),
      Parameters: { Bucket: bucket.name, Prefix: `${prefix}results` },
    },
    ResultPath: null,
    Retry: mapRetries,
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE_PATH, Next: failedState(step) }],
    Next: next,
  };
}

/**
 * The step after the elements knows only that some failed. These states find the last one, which wrote its error to S3,
 * and make this the run's error; without one, the step's own error stays.
 *
 * @param then the state that takes the step's name at `$.step` and the error at {@link FAILURE_PATH}
 */
export function itemFailureStates(step: string, { bucket, prefix }: DistributedMap, then: string): States {
  const kept = "$.kept.failed";
  return {
    [whichItem(step)]: {
      Type: "Task",
      Resource: Account.of(bucket).integration("aws-sdk:s3:getObject"),
      Parameters: { Bucket: bucket.name, "Key.$": failureKey(prefix, "$$.Execution.Name") },
      ResultSelector: { "failed.$": "States.StringToJson($.Body)" },
      ResultPath: "$.kept",
      TimeoutSeconds: S3_TIMEOUT_SECONDS,
      Retry: readRetries,
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: failedState(step) }],
      Next: `take failure of ${step}`,
    },
    [`take failure of ${step}`]: {
      Type: "Pass",
      InputPath: `${kept}.failure`,
      ResultPath: FAILURE_PATH,
      Next: `take item of ${step}`,
    },
    [`take item of ${step}`]: { Type: "Pass", InputPath: `${kept}.step`, ResultPath: "$.step", Next: then },
  };
}

/** The machine's permissions: to start, describe and stop its own executions, to read the array, to write results. */
export function grantMap(machine: StateMachine, { function: fn, bucket, prefix }: DistributedMap): void {
  fn.grantInvoke(machine);
  machine.allowChildren();
  bucket.grantRead(machine, prefix);
  // Without it S3 answers "access denied" for a failure that does not exist.
  bucket.grantList(machine);
  bucket.grantWrite(machine, `${prefix}failures/`);
  bucket.grantUpload(machine, `${prefix}results/`);
}

function invokeForItem(step: string, { function: fn, retryOn }: DistributedMap): LastTaskState {
  return {
    ...invokeTask(fn, "$.event", retryOn),
    ResultSelector: { "result.$": "$.Payload" },
    ResultPath: "$",
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE_PATH, Next: keepState(step) }],
    End: true,
  };
}

function keepFailure(step: string, { bucket, prefix, itemName }: DistributedMap): TaskState {
  return {
    Type: "Task",
    Comment: "So that the run's one message can say which element failed, and why",
    Resource: Account.of(bucket).integration("aws-sdk:s3:putObject"),
    Parameters: {
      Bucket: bucket.name,
      "Key.$": failureKey(prefix, "$.run"),
      ContentType: "application/json",
      Body: { "step.$": `States.Format('${step} of {}', ${itemName})`, "failure.$": FAILURE_PATH },
    },
    ResultPath: null,
    TimeoutSeconds: S3_TIMEOUT_SECONDS,
    Retry: publishRetries,
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: itemFailedState(step) }],
    Next: itemFailedState(step),
  };
}

const itemFailed: FailState = {
  Type: "Fail",
  ErrorPath: `${FAILURE_PATH}.Error`,
  // Not every error has a cause.
  CausePath: `States.JsonToString(${FAILURE_PATH})`,
};

/** Names of states are unique in the whole machine, including children. */
function itemState(step: string): string {
  return `${step} item`;
}

function keepState(step: string): string {
  return `keep failure of ${step} item`;
}

function itemFailedState(step: string): string {
  return failedState(itemState(step));
}

/** The state that looks for a failed element; the step's error is at {@link FAILURE_PATH}. */
export function whichItem(step: string): string {
  return `which item of ${step}`;
}

function failureKey(prefix: string, run: string): string {
  return `States.Format('${prefix}failures/{}.json', ${run})`;
}

/** Labels allow no spaces. */
function label(step: string): string {
  return step.replaceAll(" ", "-");
}
