import { Construct } from "constructs";
import { Account } from "../account";
import type { Queue } from "../messaging/queue";
import type { Topic } from "../messaging/topic";
import type { Key } from "../storage/key";
import { publishTask } from "../workflow/publish-task";
import { longestSeconds, publishRetries } from "../workflow/retries";
import { SCHEDULED_TIME, Schedule, type ScheduleProps } from "../workflow/schedule";
import { StateMachine } from "../workflow/state-machine";
import type { States } from "../workflow/states";
import { inHours } from "./in-hours";

const HOUR = 3600;
const LOOK_SECONDS = 30;

export interface OverdueWatchProps extends Pick<ScheduleProps, "expression" | "timeZone"> {
  /** The pipeline's name in the configuration. */
  readonly pipeline: string;
  /** Its path in the configuration: `pipelines.covid`. */
  readonly settings: string;
  readonly machine: StateMachine;
  /** Hours after each start of the schedule within which an execution must have succeeded. */
  readonly hours: number;
  readonly topic: Topic;
  readonly deadLetters: Queue;
  readonly key: Key;
  readonly logRetentionDays: number;
}

/**
 * Reports that no run has succeeded since the schedule was to start one, for schedules whose pauses are longer than the
 * longest period of a CloudWatch alarm. It has its own schedule with the same expression, since that of the runs may
 * have been switched off. It starts a state machine that waits and then asks Step Functions for the newest success.
 * Costs nothing.
 */
export class OverdueWatch extends Construct {
  constructor(scope: Construct, id: string, props: OverdueWatchProps) {
    super(scope, id);
    const { machine, hours, topic, expression, timeZone, deadLetters, key, logRetentionDays } = props;
    const name = `${machine.name}-overdue`;
    const states = watchStates(props);
    const work = Object.values(states).reduce(
      (sum, state) => (state.Type === "Task" ? sum + longestSeconds(state.TimeoutSeconds, state.Retry) : sum),
      HOUR,
    );
    const watch = new StateMachine(this, "machine", {
      name,
      description: `Tells where no run of ${machine.name} succeeds when its schedule lets expect one`,
      definition: {
        Comment: `Whether a run of ${machine.name} has succeeded in time`,
        StartAt: "wait",
        TimeoutSeconds: hours * HOUR + work,
        States: states,
      },
      key,
      logRetentionDays,
    });
    watch.allow({ actions: ["states:ListExecutions"], resources: [machine.arn] });
    topic.grantPublish(watch);
    new Schedule(this, "schedule", {
      name,
      target: watch,
      input: { scheduled: SCHEDULED_TIME, seconds: hours * HOUR },
      ...{ expression, timeZone, deadLetters, key },
      enabled: true,
    });
  }
}

function watchStates({ pipeline, settings, machine, hours, topic }: OverdueWatchProps): States {
  const account = Account.of(topic);
  const newest = "$.found.Executions[0]";
  return {
    wait: { Type: "Wait", SecondsPath: "$.seconds", Next: "look" },
    look: {
      Type: "Task",
      Comment: "The newest success",
      Resource: account.integration("aws-sdk:sfn:listExecutions"),
      Parameters: { StateMachineArn: machine.arn, StatusFilter: "SUCCEEDED", MaxResults: 1 },
      ResultPath: "$.found",
      TimeoutSeconds: LOOK_SECONDS,
      Retry: publishRetries,
      // A failed check is reported, too.
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: "tell" }],
      Next: "any or none",
    },
    "any or none": {
      Type: "Choice",
      Choices: [{ Variable: newest, IsPresent: true, Next: "take newest" }],
      Default: "tell",
    },
    "take newest": { Type: "Pass", InputPath: newest, ResultPath: "$.success", Next: "in time or not" },
    "in time or not": {
      Type: "Choice",
      Choices: [{ Variable: "$.success.StopDate", TimestampGreaterThanEqualsPath: "$.scheduled", Next: "done" }],
      Default: "tell",
    },
    tell: publishTask({
      ...{ topic, machine: machine.name, pipeline, end: "overdue", next: "done" },
      message: `States.Format('${messageOf(pipeline, settings, machine.name, hours)}', $.scheduled)`,
    }),
    done: { Type: "Succeed" },
  };
}

function messageOf(pipeline: string, settings: string, machine: string, hours: number): string {
  return [
    `No run of ${pipeline} has succeeded in the ${inHours(hours)} since {}, in which its schedule was to start one.`,
    `npm run ops -- status ${pipeline} shows the last one: if it failed, act on its message. If there is none, check in ` +
      `EventBridge Scheduler whether ${machine} was switched off by hand; a deployment switches it on. Then: ` +
      `npm run ops -- start ${pipeline}`,
    `To pause it on purpose: ${settings}.schedule.enabled: false`,
  ].join("\n");
}
