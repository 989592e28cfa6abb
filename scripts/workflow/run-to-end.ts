import { setTimeout as wait } from "node:timers/promises";
import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { MillraceError } from "../../etl/core/errors";

export interface RunToEndOptions {
  readonly timeoutSeconds: number;
  readonly pollSeconds: number;
}

/**
 * Starts an execution of a state machine and waits for its end.
 *
 * @returns its output, as indented JSON
 * @throws MillraceError when it does not succeed, with its error and cause, or does not end in time; it goes on then
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
      throw new MillraceError(`The execution ${executionArn} did not succeed`, {
        got: [status, error, cause].filter((part) => part !== undefined).join(": "),
        expected: "SUCCEEDED",
        fix: "Its history in Step Functions names the step.",
      });
    }
    if (Date.now() >= deadline) {
      throw new MillraceError(`The execution ${executionArn} did not end in ${timeoutSeconds} s`, {
        fix: "It goes on: look at it in Step Functions, or give --timeout.",
      });
    }
    await wait(pollSeconds * 1000);
  }
}
