import type { Construct } from "constructs";
import { Alarm } from "./alarm";
import type { StateMachine } from "./state-machine";
import type { Topic } from "./topic";

/** CloudWatch looks back no further ("Evaluating an alarm", CloudWatch user guide). */
export const LONGEST_HOURS = 168;

export interface OverdueAlarmProps {
  /** Of the pipeline in the configuration. */
  readonly pipeline: string;
  readonly machine: StateMachine;
  /** Hours within which one of its executions must succeed, {@link LONGEST_HOURS} at most. */
  readonly hours: number;
  readonly topic: Topic;
}

/**
 * That no run has succeeded for so long, whatever the reason: nothing else tells of a run that was never started. Where
 * nothing was measured nothing ran, so that missing data is what it waits for.
 */
export function addOverdueAlarm(scope: Construct, { pipeline, machine, hours, topic }: OverdueAlarmProps): void {
  new Alarm(scope, "overdue", {
    name: `${machine.name}-overdue`,
    description:
      `No run of ${pipeline} has succeeded for ${hours} hours, though its schedule starts it more often; or none has since it was ` +
      `deployed. npm run ops -- status ${pipeline} shows the last one: where it failed, act on its message. Where there is none, see in ` +
      `EventBridge Scheduler whether somebody switched ${machine.name} off by hand; a deployment switches it on. Then npm run ops -- ` +
      `start ${pipeline}. To pause it on purpose: pipelines.${pipeline}.schedule.enabled: false, which takes this alarm down, too.`,
    topic,
    namespace: "AWS/States",
    metric: "ExecutionsSucceeded",
    dimensions: { StateMachineArn: machine.arn },
    statistic: "Sum",
    when: "<",
    threshold: 1,
    periodSeconds: 3600,
    periods: hours,
    missing: "breaching",
  });
}
