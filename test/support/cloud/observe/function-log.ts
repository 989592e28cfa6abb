import * as z from "zod";
import type { Cloud } from "../../../../scripts/cloud/cloud";
import { callCloud } from "../call-cloud";

const answer = z.object({ events: z.array(z.object({ message: z.string() })) });

/** The lines that a function has logged, in their order. */
export async function functionLog(cloud: Cloud, name: string): Promise<readonly string[]> {
  const response = await callCloud(cloud, {
    service: "logs",
    target: "Logs_20140328.FilterLogEvents",
    body: { logGroupName: `/aws/lambda/${name}`, limit: 10_000 },
  });
  return answer.parse(await response.json()).events.map(({ message }) => message);
}

/** The JSON lines of a log that have a field. */
export function entriesWith(field: string, lines: readonly string[]): readonly unknown[] {
  return lines
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line))
    .filter((entry) => entry[field] !== undefined)
    .map((entry) => entry[field]);
}
