import { Account } from "../account";
import type { NodeFunction } from "../function/node-function";
import { stepRetries } from "./retries";
import type { TaskState } from "./states";

/**
 * The common part of all states that call a function: the call, its time-out, its tries. The result is under
 * `$.Payload`.
 */
export function invokeTask(
  fn: NodeFunction,
  payload: string | Readonly<Record<string, unknown>>,
  retryOn: readonly string[],
  kills?: number,
): Pick<TaskState, "Type" | "Resource" | "Parameters" | "TimeoutSeconds" | "Retry"> {
  return {
    Type: "Task",
    Resource: Account.of(fn).integration("lambda:invoke"),
    Parameters: {
      FunctionName: fn.arn,
      ...(typeof payload === "string" ? { "Payload.$": payload } : { Payload: payload }),
    },
    // Lambda's own time-out comes first: its error says more. It excludes the start of a cold function, which may take
    // 10 s (AWS Lambda developer guide, "Init phase").
    TimeoutSeconds: fn.timeoutSeconds + 15,
    Retry: stepRetries(retryOn, kills),
  };
}
