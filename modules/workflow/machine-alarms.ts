import type { Construct } from "constructs";
import type { Topic } from "../messaging/topic";
import { Alarm } from "../observe/alarm";

export interface MachineAlarmsProps {
  readonly name: string;
  readonly machineArn: string;
  readonly topic: Topic;
}

/**
 * Alarms on what the machine itself cannot report: it publishes each failure, but not its own end by time-out, by hand
 * or by Step Functions' limits; and not that it fails repeatedly.
 */
export function addMachineAlarms(scope: Construct, { name, machineArn, topic }: MachineAlarmsProps): void {
  const states = {
    topic,
    namespace: "AWS/States",
    dimensions: { StateMachineArn: machineArn },
    statistic: "Sum" as const,
    when: ">=" as const,
    threshold: 1,
  };
  new Alarm(scope, "timed-out", {
    ...states,
    name: `${name}-timed-out`,
    description:
      `An execution of ${name} was ended by the state machine's own time-out, and published no failure. Open it in ` +
      "the Step Functions console, see which step hung, and start it again; an interrupted load left nothing behind.",
    metric: "ExecutionsTimedOut",
  });
  new Alarm(scope, "aborted", {
    ...states,
    name: `${name}-aborted`,
    description: `Somebody stopped an execution of ${name}. If that was not intended, start it again.`,
    metric: "ExecutionsAborted",
  });
  new Alarm(scope, "keeps-failing", {
    ...states,
    name: `${name}-keeps-failing`,
    description:
      `${name} failed in two different hours of the last two days: the failure is not transient. Each failure was ` +
      "published with its reason; act on that, then start the machine again or replay the missed days.",
    metric: "ExecutionsFailed",
    periodSeconds: 3600,
    periods: 2,
    outOf: 48,
  });
}
