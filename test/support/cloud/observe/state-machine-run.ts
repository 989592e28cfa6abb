import { setTimeout as wait } from "node:timers/promises";
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  type ExecutionStatus,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { Cloud } from "../../../../scripts/cloud/cloud";

const POLL_MS = 200;

/** Starts the state machine of a name, waits for its end and gives what Step Functions says of it. */
export async function runStateMachine(
  cloud: Cloud,
  name: string,
  input: object = {},
): Promise<DescribeExecutionCommandOutput> {
  const sfn = new SFNClient(cloud.client);
  const stateMachineArn = await findMachine(sfn, name);
  const started = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
  for (;;) {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn: started.executionArn }));
    if (execution.status !== "RUNNING") return execution;
    await wait(POLL_MS);
  }
}

/** Waits until all that somebody else started has ended. */
export async function untilNothingRuns(cloud: Cloud, name: string): Promise<void> {
  const sfn = new SFNClient(cloud.client);
  const list = new ListExecutionsCommand({ stateMachineArn: await findMachine(sfn, name), statusFilter: "RUNNING" });
  while ((await sfn.send(list)).executions?.length !== 0) await wait(POLL_MS);
}

/** How many executions there are, or are in a state. */
export async function countExecutions(cloud: Cloud, name: string, statusFilter?: ExecutionStatus): Promise<number> {
  const client = new SFNClient(cloud.client);
  let count = 0;
  const query = { stateMachineArn: await findMachine(client, name), statusFilter };
  for await (const { executions = [] } of paginateListExecutions({ client }, query)) count += executions.length;
  return count;
}

async function findMachine(sfn: SFNClient, name: string): Promise<string | undefined> {
  const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
  return stateMachines.find((machine) => machine.name === name)?.stateMachineArn;
}
