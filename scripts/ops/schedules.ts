import { paginateListSchedules, type SchedulerClient } from "@aws-sdk/client-scheduler";
import type { PipelineNames } from "./pipeline-names";

/**
 * States of the schedules whose names have this prefix, by name: `ENABLED` or `DISABLED`. Their input, which is
 * encrypted, is not read.
 */
export async function readSchedules(
  scheduler: SchedulerClient,
  NamePrefix: string,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const { Schedules = [] } of paginateListSchedules({ client: scheduler }, { NamePrefix })) {
    for (const { Name = "", State = "" } of Schedules) found.set(Name, State);
  }
  return found;
}

/** How a deployed schedule differs from the configuration, if it does. */
export function describeSchedule(
  { machine, scheduled }: Pick<PipelineNames, "machine" | "scheduled">,
  schedules: ReadonlyMap<string, string>,
): string | undefined {
  if (machine === undefined || scheduled === undefined) return undefined;
  const state = schedules.get(machine);
  if (state === undefined) return "its schedule does not exist: deploy creates it again";
  if (scheduled && state === "DISABLED") return "its schedule is switched off by hand: deploy switches it on";
  if (!scheduled && state === "ENABLED")
    return "its schedule runs, though the configuration switches it off: deploy switches it off";
  return undefined;
}
