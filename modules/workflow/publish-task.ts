import { Account } from "../account";
import type { Topic } from "../messaging/topic";
import { publishRetries } from "./retries";
import type { TaskState } from "./states";

const PUBLISH_TIMEOUT_SECONDS = 30;

export interface PublishTaskProps {
  readonly topic: Topic;
  /** The state machine's name. */
  readonly machine: string;
  readonly pipeline: string;
  readonly end: "succeeded" | "failed" | "overdue";
  /** An intrinsic function (`States.Format(…)`) over the state's input. */
  readonly message: string;
  /** Where the error stays if the message could not be sent. @default nowhere */
  readonly failurePath?: string;
  /** The next state, whether or not the message could be sent. */
  readonly next: string;
}

/** A state that publishes a run's message. */
export function publishTask({ topic, message, failurePath, next, ...of }: PublishTaskProps): TaskState {
  return {
    Type: "Task",
    Resource: Account.of(topic).integration("sns:publish"),
    Parameters: { ...messageHead(topic, of), "Message.$": message },
    ResultPath: null,
    TimeoutSeconds: PUBLISH_TIMEOUT_SECONDS,
    Retry: publishRetries,
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: failurePath ?? null, Next: next }],
    Next: next,
  };
}

/** The attributes by which subscribers may filter a run's messages; `SnsNotifier` sets the same. */
function messageHead(
  topic: Topic,
  { machine, pipeline, end }: Pick<PublishTaskProps, "machine" | "pipeline" | "end">,
): Readonly<Record<string, unknown>> {
  const severity = end === "succeeded" ? "info" : "error";
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  return {
    TopicArn: topic.arn,
    Subject: `${severity.toUpperCase()}: ${machine} ${end}`,
    MessageAttributes: { severity: text(severity), pipeline: text(pipeline) },
  };
}
