import { setTimeout as wait } from "node:timers/promises";
import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { type ErrorDetails, MillraceError } from "../../../../etl/core/errors";

export interface RunToEndOptions {
  readonly timeoutSeconds: number;
  readonly pollSeconds: number;
}

/** An execution did not succeed; `failure` is the name of its error, if it has one. */
export class ExecutionError extends MillraceError {
  override readonly name = "ExecutionError";
  readonly failure: string | undefined;

  constructor(headline: string, { failure, ...details }: ErrorDetails & { readonly failure: string | undefined }) {
    super(headline, details);
    this.failure = failure;
  }
}

/**
 * Starts an execution of a state machine and waits for its end.
 *
 * @returns its output, as indented JSON
 * @throws ExecutionError when it does not succeed, with its error and cause
 * @throws MillraceError if it does not end in time; it continues then
 */
export async function runToEnd(
  sfn: SFNClient,
  stateMachineArn: string,
  { timeoutSeconds, pollSeconds }: RunToEndOptions,
): Promise<string> {
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: "{}" }));
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const { status, output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status === "SUCCEEDED") return JSON.stringify(JSON.parse(output ?? "null"), undefined, 2);
    if (status !== "RUNNING") {
      throw new ExecutionError(`The execution ${executionArn} did not succeed`, {
        failure: error,
        got: [status, error, cause].filter((part) => part !== undefined).join(": "),
        expected: "SUCCEEDED",
        fix: "See its history in Step Functions for the step.",
      });
    }
    if (Date.now() >= deadline) {
      throw new MillraceError(`The execution ${executionArn} did not end in ${timeoutSeconds} s`, {
        fix: "It continues: see it in Step Functions, or give --timeout.",
      });
    }
    await wait(pollSeconds * 1000);
  }
}
