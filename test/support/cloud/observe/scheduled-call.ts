import * as z from "zod";
import type { Cloud } from "../../../../scripts/cloud/cloud";
import { callCloud } from "../call-cloud";

const schedule = z.object({
  ScheduleExpression: z.string(),
  State: z.string(),
  Target: z.object({ Arn: z.string(), Input: z.string() }),
});

export type Scheduled = z.output<typeof schedule>;

/** When a schedule, which has a group of its own name, calls what. */
export async function scheduled(cloud: Cloud, name: string): Promise<Scheduled> {
  const path = `/schedules/${name}?groupName=${name}`;
  const answer = await callCloud(cloud, { service: "scheduler", method: "GET", path });
  return schedule.parse(await answer.json());
}

/** Calls a function as its schedule would, and waits for what it says: no clock of the emulator does. */
export async function callScheduled(cloud: Cloud, { Target: { Arn, Input } }: Scheduled): Promise<unknown> {
  const path = `/2015-03-31/functions/${Arn.split(":").at(-1)}/invocations`;
  const answer = await callCloud(cloud, { service: "lambda", path, body: JSON.parse(Input) });
  return answer.json();
}
