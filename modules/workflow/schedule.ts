import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import { Construct } from "constructs";
import type { Grantee } from "../function/policy";
import { ServiceRole } from "../function/service-role";
import type { Queue } from "../messaging/queue";
import type { Key } from "../storage/key";

/** A state machine, or a function, which is called asynchronously. */
export interface Startable {
  readonly arn: string;
  readonly name: string;
  grantStart(grantee: Grantee): void;
}

export interface ScheduleProps {
  readonly name: string;
  readonly target: Startable;
  /** @default `{}` */
  readonly input?: Readonly<Record<string, unknown>>;
  /** `rate(…)` or `cron(…)` of EventBridge Scheduler. */
  readonly expression: string;
  /** An IANA name; daylight saving time is observed. */
  readonly timeZone: string;
  /** A disabled schedule stays deployed. */
  readonly enabled: boolean;
  /** Receives the starts that failed after all retries. */
  readonly deadLetters: Queue;
  readonly key: Key;
}

/** The scheduled time, for use in an input ("Adding context attributes in EventBridge Scheduler", user guide). */
export const SCHEDULED_TIME = "<aws.scheduler.scheduled-time>";

/** Starts a target on a schedule. Costs nothing below 14 million starts a month. */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { name, target, input = {}, deadLetters, key } = props;
    const role = new ServiceRole(this, "role", {
      name: `${name}-schedule`,
      description: `Starts ${target.name} by the clock`,
      service: "scheduler.amazonaws.com",
      namesAccount: true,
    });
    target.grantStart(role);
    deadLetters.grantSend(role);
    new SchedulerSchedule(this, "schedule", {
      name,
      description: `Starts ${target.name}`,
      groupName: new SchedulerScheduleGroup(this, "group", { name }).name,
      scheduleExpression: props.expression,
      scheduleExpressionTimezone: props.timeZone,
      state: props.enabled ? "ENABLED" : "DISABLED",
      flexibleTimeWindow: { mode: "OFF" },
      kmsKeyArn: key.arn,
      target: {
        arn: target.arn,
        roleArn: role.arn,
        input: JSON.stringify(input),
        // A run that could not be started within an hour is reported rather than started late.
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
        deadLetterConfig: { arn: deadLetters.arn },
      },
      dependsOn: [role.policy],
    });
  }
}
