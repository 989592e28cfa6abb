import type { Topic } from "../messaging/topic";

export interface MessageOf {
  /** The state machine's name. */
  readonly machine: string;
  readonly pipeline: string;
  readonly end: "succeeded" | "failed" | "overdue";
}

/** The attributes by which subscribers may filter a run's messages; `SnsNotifier` sets the same. */
export function messageHead(topic: Topic, { machine, pipeline, end }: MessageOf): Readonly<Record<string, unknown>> {
  const severity = end === "succeeded" ? "info" : "error";
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  return {
    TopicArn: topic.arn,
    Subject: `${severity.toUpperCase()}: ${machine} ${end}`,
    MessageAttributes: { severity: text(severity), pipeline: text(pipeline) },
  };
}
