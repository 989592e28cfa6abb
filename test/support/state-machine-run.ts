import { setTimeout as wait } from "node:timers/promises";
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { Cloud } from "../../scripts/cloud/cloud";

const POLL_MS = 200;

/** Starts the state machine of a name, waits for its end and gives what Step Functions says of it. */
export async function runStateMachine(
  cloud: Cloud,
  name: string,
  input: object = {},
): Promise<DescribeExecutionCommandOutput> {
  const sfn = new SFNClient(cloud.client);
  const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
  const stateMachineArn = stateMachines.find((machine) => machine.name === name)?.stateMachineArn;
  const started = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
  for (;;) {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn: started.executionArn }));
    if (execution.status !== "RUNNING") return execution;
    await wait(POLL_MS);
  }
}
