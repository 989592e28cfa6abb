import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Topic } from "../messaging/topic";

export interface AlarmProps {
  readonly name: string;
  /** What it means and what to do now, for a person woken by it. */
  readonly description: string;
  readonly topic: Topic;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "Maximum" | "Minimum" | "Average";
  readonly when: ">=" | "<";
  readonly threshold: number;
  /** @default 300 */
  readonly periodSeconds?: number;
  /** Number of periods beyond the threshold that raise the alarm. @default 1 */
  readonly periods?: number;
  /** Number of last periods among which these are counted. @default `periods`: all in a row */
  readonly outOf?: number;
  /** How a period without data counts. @default notBreaching: nothing runs for most of the day */
  readonly missing?: "breaching" | "notBreaching";
}

/** Notifies the topic when a metric leaves its bounds, and when it is back. Costs 0.10 USD a month. */
export class Alarm extends Construct {
  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const { name, description, topic, namespace, metric, dimensions, statistic, when, threshold } = props;
    const { periodSeconds = 300, periods = 1, outOf = periods, missing = "notBreaching" } = props;
    new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: name,
      alarmDescription: description,
      namespace,
      metricName: metric,
      dimensions: { ...dimensions },
      statistic,
      comparisonOperator: when === "<" ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold",
      threshold,
      period: periodSeconds,
      datapointsToAlarm: periods,
      evaluationPeriods: outOf,
      treatMissingData: missing,
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  }
}
