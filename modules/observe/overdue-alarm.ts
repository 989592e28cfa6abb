import type { Construct } from "constructs";
import type { Queue } from "../messaging/queue";
import type { Topic } from "../messaging/topic";
import type { StateMachine } from "../workflow/state-machine";
import { Alarm, type AlarmProps } from "./alarm";
import { inHours } from "./in-hours";

/** The longest period that CloudWatch evaluates ("Evaluating an alarm", CloudWatch user guide). */
export const LONGEST_HOURS = 168;

export interface OverdueAlarmProps {
  /** The pipeline's name in the configuration. */
  readonly pipeline: string;
  /** Its path in the configuration: `pipelines.covid`. */
  readonly settings: string;
  readonly machine: StateMachine;
  /** Hours within which one of its executions must succeed, at most {@link LONGEST_HOURS}. */
  readonly hours: number;
  readonly topic: Topic;
}

/**
 * Alarms when no run has succeeded for this long, whatever the reason: nothing else reports a run that was never
 * started. No data means no run, so missing data raises the alarm.
 */
export function addOverdueAlarm(
  scope: Construct,
  { pipeline, settings, machine, hours, topic }: OverdueAlarmProps,
): void {
  new Alarm(scope, "overdue", {
    name: `${machine.name}-overdue`,
    description:
      `No run of ${pipeline} has succeeded for ${inHours(hours)}, though its schedule starts it more often; or none has succeeded since it was ` +
      `deployed. npm run ops -- status ${pipeline} shows the last one: if it failed, act on its message. If there is none, check in ` +
      `EventBridge Scheduler whether ${machine.name} was switched off by hand; a deployment switches it on. Then npm run ops -- ` +
      `start ${pipeline}. To pause it on purpose: ${settings}.schedule.enabled: false, which removes this alarm, too.`,
    topic,
    namespace: "AWS/States",
    metric: "ExecutionsSucceeded",
    dimensions: { StateMachineArn: machine.arn },
    ...nothingFor(hours),
  });
}

export interface ExpectedObjectProps extends Pick<OverdueAlarmProps, "pipeline" | "settings" | "hours" | "topic"> {
  readonly name: string;
  /** The queue of objects' events: a processed one is deleted from it. */
  readonly queue: Queue;
}

/** Alarms when a pipeline fed by a queue has processed no object for this long: none was sent, or all fail. */
export function addExpectedObjectAlarm(
  scope: Construct,
  { pipeline, settings, name, hours, queue, topic }: ExpectedObjectProps,
): void {
  new Alarm(scope, "overdue", {
    name: `${name}-overdue`,
    description:
      `${pipeline} has processed no object for ${inHours(hours)} (${settings}.trigger.expectedEveryHours). npm run ops -- status ` +
      `${pipeline} says whether events wait or have failed; npm run ops -- logs ${pipeline} why. If there are none, ask the sender of ` +
      "the files.",
    topic,
    namespace: "AWS/SQS",
    metric: "NumberOfMessagesDeleted",
    dimensions: { QueueName: queue.name },
    ...nothingFor(hours),
  });
}

/** Hours without data are hours in which nothing happened. */
function nothingFor(
  hours: number,
): Pick<AlarmProps, "statistic" | "when" | "threshold" | "missing" | "periodSeconds" | "periods"> {
  return { statistic: "Sum", when: "<", threshold: 1, missing: "breaching", periodSeconds: 3600, periods: hours };
}
