/**
 * The parts of the Amazon States Language (https://states-language.net, JSONPath query language) that we use. JSONata
 * is left out on purpose: the emulator in the end-to-end tests cannot run it.
 */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds: number;
  /** FULL draws each delay between zero and the computed one, so that retries do not coincide. */
  readonly JitterStrategy: "FULL" | "NONE";
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  /** Where the error output `{Error, Cause}` goes; null drops it and keeps the state's input. */
  readonly ResultPath: string | null;
  readonly Next: string;
}

export interface TaskState {
  readonly Type: "Task";
  readonly Comment?: string;
  readonly Resource: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly ResultSelector?: Readonly<Record<string, unknown>>;
  readonly ResultPath: string | null;
  readonly TimeoutSeconds: number;
  readonly Retry: readonly Retrier[];
  readonly Catch: readonly Catcher[];
  readonly Next: string;
}

/** The last task of a child execution. */
export interface LastTaskState extends Omit<TaskState, "Next"> {
  readonly End: true;
}

/** Runs child executions, one for each element of a JSON array in S3 ("Distributed mode" of the Map state). */
export interface MapState {
  readonly Type: "Map";
  readonly Comment?: string;
  /** Part of the children's ARNs. */
  readonly Label: string;
  readonly ItemReader: {
    readonly Resource: string;
    readonly ReaderConfig: { readonly InputType: "JSON" };
    readonly Parameters: Readonly<Record<string, unknown>>;
  };
  /** A child's input; the element is `$$.Map.Item.Value`. */
  readonly ItemSelector: Readonly<Record<string, unknown>>;
  readonly MaxConcurrency: number;
  readonly ToleratedFailurePercentage: number;
  readonly ItemProcessor: {
    readonly ProcessorConfig: { readonly Mode: "DISTRIBUTED"; readonly ExecutionType: "STANDARD" };
    readonly StartAt: string;
    readonly States: Readonly<Record<string, TaskState | LastTaskState | FailState>>;
  };
  readonly ResultWriter: {
    readonly Resource: string;
    readonly Parameters: Readonly<Record<string, unknown>>;
  };
  readonly ResultPath: string | null;
  readonly Retry: readonly Retrier[];
  readonly Catch: readonly Catcher[];
  readonly Next: string;
}

export interface PassState {
  readonly Type: "Pass";
  readonly Comment?: string;
  readonly InputPath?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Result?: unknown;
  readonly ResultPath?: string;
  readonly Next: string;
}

export interface Comparison {
  readonly Variable: string;
  readonly IsPresent?: boolean;
  readonly BooleanEquals?: boolean;
  readonly NumericEquals?: number;
  readonly NumericGreaterThan?: number;
  readonly StringEquals?: string;
  readonly StringMatches?: string;
  readonly TimestampGreaterThanEqualsPath?: string;
}

export type ChoiceRule = (Comparison | { readonly And: readonly Comparison[] }) & { readonly Next: string };

export interface ChoiceState {
  readonly Type: "Choice";
  readonly Comment?: string;
  readonly Choices: readonly ChoiceRule[];
  readonly Default: string;
}

export interface WaitState {
  readonly Type: "Wait";
  readonly SecondsPath: string;
  readonly Next: string;
}

export interface FailState {
  readonly Type: "Fail";
  readonly ErrorPath: string;
  readonly CausePath: string;
}

export interface SucceedState {
  readonly Type: "Succeed";
}

export type State = TaskState | MapState | PassState | ChoiceState | WaitState | FailState | SucceedState;
export type States = Readonly<Record<string, State>>;

export interface StateMachineDefinition {
  readonly Comment: string;
  readonly StartAt: string;
  /** Seconds after which the execution is ended without running any Catch. */
  readonly TimeoutSeconds: number;
  readonly States: States;
}
