import { setTimeout as wait } from "node:timers/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListExecutionsCommand, ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";
import type { Cloud } from "../../../../../scripts/cloud/cloud";
import type { Deployment } from "../../../../../scripts/cloud/deployment";
import type { Checkout } from "../../../processes/checkout";
import type { TopicListener } from "../../observe/topic-listener";

export const DATABASE = "warehouse";
const POLL_MS = 500;
const INCOMING = "millrace-dev-incoming-123456789012";

interface Deployed {
  readonly cloud: Cloud;
  readonly deployment: Deployment;
  readonly checkout: Checkout;
  readonly topic: TopicListener;
}

export type DeveloperWorld = ReturnType<typeof developerWorld>;

/** What a developer does with a checkout and its deployment. */
export function developerWorld(deployed: Deployed) {
  const { cloud, deployment, checkout, topic } = deployed;

  function ops(...args: readonly string[]) {
    return opsEnding(0, ...args);
  }

  function opsEnding(code: number, ...args: readonly string[]) {
    return checkout.npm("ops", args, { env: deployment.env, accept: [code] });
  }

  async function json(...args: readonly string[]) {
    return JSON.parse((await ops(...args, "--json")).stdout);
  }

  async function listRuns() {
    const sfn = new SFNClient(cloud.client);
    const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
    const machine = stateMachines.find(({ name }) => name === "millrace-dev-made-up-sales");
    const list = new ListExecutionsCommand({ stateMachineArn: machine?.stateMachineArn });
    return (await sfn.send(list)).executions ?? [];
  }

  /** Waits until there are so many runs, and all of them have ended. */
  async function endedRuns(count: number) {
    for (;;) {
      const runs = await listRuns();
      if (runs.length >= count && runs.every(({ status }) => status !== "RUNNING")) return runs;
      await wait(POLL_MS);
    }
  }

  async function messages(): Promise<readonly string[]> {
    return (await topic.received()).map(({ subject }) => subject);
  }

  function sums() {
    return cloud.postgres.query(DATABASE, "SELECT count(*) AS rows, sum(amount)::text AS amount FROM made_up_sales");
  }

  async function put(Key: string, Body: string): Promise<void> {
    await new S3Client(cloud.client).send(new PutObjectCommand({ Bucket: INCOMING, Key, Body }));
  }

  async function until(isTrue: () => Promise<boolean>): Promise<void> {
    while (!(await isTrue())) await wait(POLL_MS);
  }

  return { ...deployed, ops, opsEnding, json, listRuns, endedRuns, messages, sums, put, until };
}
