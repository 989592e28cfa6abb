import type { Construct } from "constructs";
import type { Queue } from "../messaging/queue";
import type { Topic } from "../messaging/topic";
import type { StateMachine } from "../workflow/state-machine";
import { Alarm, type AlarmProps } from "./alarm";

/** CloudWatch looks back no further ("Evaluating an alarm", CloudWatch user guide). */
export const LONGEST_HOURS = 168;

export interface OverdueAlarmProps {
  /** Of the pipeline in the configuration. */
  readonly pipeline: string;
  /** Where the configuration has it: `pipelines.covid`. */
  readonly settings: string;
  readonly machine: StateMachine;
  /** Hours within which one of its executions must succeed, {@link LONGEST_HOURS} at most. */
  readonly hours: number;
  readonly topic: Topic;
}

/**
 * That no run has succeeded for so long, whatever the reason: nothing else tells of a run that was never started. Where
 * nothing was measured nothing ran, so that missing data is what it waits for.
 */
export function addOverdueAlarm(
  scope: Construct,
  { pipeline, settings, machine, hours, topic }: OverdueAlarmProps,
): void {
  new Alarm(scope, "overdue", {
    name: `${machine.name}-overdue`,
    description:
      `No run of ${pipeline} has succeeded for ${hours} hours, though its schedule starts it more often; or none has since it was ` +
      `deployed. npm run ops -- status ${pipeline} shows the last one: where it failed, act on its message. Where there is none, see in ` +
      `EventBridge Scheduler whether somebody switched ${machine.name} off by hand; a deployment switches it on. Then npm run ops -- ` +
      `start ${pipeline}. To pause it on purpose: ${settings}.schedule.enabled: false, which takes this alarm down, too.`,
    topic,
    namespace: "AWS/States",
    metric: "ExecutionsSucceeded",
    dimensions: { StateMachineArn: machine.arn },
    ...nothingFor(hours),
  });
}

export interface ExpectedObjectProps extends Pick<OverdueAlarmProps, "pipeline" | "settings" | "hours" | "topic"> {
  readonly name: string;
  /** Of events of objects: one that was dealt with is deleted from it. */
  readonly queue: Queue;
}

/** That no object was dealt with for so long, where a queue feeds a pipeline: nobody sent one, or all of them fail. */
export function addExpectedObjectAlarm(
  scope: Construct,
  { pipeline, settings, name, hours, queue, topic }: ExpectedObjectProps,
): void {
  new Alarm(scope, "overdue", {
    name: `${name}-overdue`,
    description:
      `${pipeline} has dealt with no object for ${hours} hours (${settings}.trigger.expectedEveryHours). npm run ops -- status ` +
      `${pipeline} says whether events wait or have failed; npm run ops -- logs ${pipeline} why. Where there are none, ask who sends ` +
      "the files.",
    topic,
    namespace: "AWS/SQS",
    metric: "NumberOfMessagesDeleted",
    dimensions: { QueueName: queue.name },
    ...nothingFor(hours),
  });
}

/** Hours without any measure are hours in which nothing happened. */
function nothingFor(
  hours: number,
): Pick<AlarmProps, "statistic" | "when" | "threshold" | "missing" | "periodSeconds" | "periods"> {
  return { statistic: "Sum", when: "<", threshold: 1, missing: "breaching", periodSeconds: 3600, periods: hours };
}
