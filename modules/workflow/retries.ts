import type { Retrier } from "./states";

/**
 * Errors of the Lambda service itself, as listed in "Handle transient Lambda service exceptions" of the AWS Step
 * Functions developer guide.
 */
const LAMBDA_SERVICE_ERRORS = [
  "Lambda.ClientExecutionTimeoutException",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
];

/**
 * Step Functions' error names for a function that was killed: by its time-out, by its memory limit, or by a crash; and
 * the function's own name for giving up just before its time-out (`OUT_OF_TIME` in handlers/step-error.ts).
 */
const KILLED = ["States.Timeout", "Sandbox.Timedout", "Runtime.ExitError", "Lambda.Unknown", "OutOfTimeError"];

/** Tries a step again: three times after the service's errors and those in `errors`, `kills` times after a kill. */
export function stepRetries(errors: readonly string[], kills = 1): readonly Retrier[] {
  return [
    {
      ErrorEquals: [...LAMBDA_SERVICE_ERRORS, ...errors],
      IntervalSeconds: 5,
      BackoffRate: 3,
      MaxAttempts: 3,
      MaxDelaySeconds: 60,
      JitterStrategy: "FULL",
    },
    {
      ErrorEquals: KILLED,
      IntervalSeconds: 5,
      BackoffRate: 1,
      MaxAttempts: kills,
      MaxDelaySeconds: 5,
      JitterStrategy: "FULL",
    },
  ];
}

/** Executions wait in line for a busy function: a thousand new objects start a thousand executions at once. */
export const queueRetries: readonly Retrier[] = [
  {
    ErrorEquals: ["Lambda.TooManyRequestsException"],
    IntervalSeconds: 5,
    BackoffRate: 2,
    MaxAttempts: 40,
    MaxDelaySeconds: 120,
    JitterStrategy: "FULL",
  },
];

/** A notification gets more tries than a step: without it nobody learns of the run. */
export const publishRetries: readonly Retrier[] = [
  {
    ErrorEquals: ["States.ALL"],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 5,
    MaxDelaySeconds: 30,
    JitterStrategy: "FULL",
  },
];

/** The maximum number of attempts of a task with these retriers. */
export function attempts(retriers: readonly Retrier[]): number {
  return retriers.reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 1);
}

/** The maximum seconds of a task with these retriers: every attempt timed out, every delay full. */
export function longestSeconds(timeoutSeconds: number, retriers: readonly Retrier[]): number {
  const delays = retriers.flatMap(({ IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds }) =>
    Array.from({ length: MaxAttempts }, (_, attempt) =>
      Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds),
    ),
  );
  return timeoutSeconds * (1 + delays.length) + delays.reduce((sum, delay) => sum + delay, 0);
}
