import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import type { Topic } from "../messaging/topic";

/** Messages are delivered within seconds, so a day's end hardly ever falls between a message and its delivery. */
const DAY = 86_400;

export interface UnheardAlarmProps {
  /** The topic whose messages may reach nobody. */
  readonly topic: Topic;
  /** Who is notified. @default the topic itself: it reaches nobody, but the console and the dashboard show the alarm */
  readonly tell?: Topic;
}

/**
 * Alarms when no message of a day reached anybody: an e-mail subscription gets nothing until it is confirmed. SNS has
 * no count of pending subscriptions, only of messages published, delivered and filtered out ("Monitoring Amazon SNS
 * topics using CloudWatch", SNS developer guide). Costs 0.30 USD a month, for three metrics.
 */
export function addUnheardAlarm(scope: Construct, { topic, tell = topic }: UnheardAlarmProps): void {
  const count = (id: string, metricName: string) => ({
    id,
    metric: { namespace: "AWS/SNS", metricName, dimensions: { TopicName: topic.name }, period: DAY, stat: "Sum" },
  });
  new CloudwatchMetricAlarm(scope, "unheard", {
    alarmName: `${topic.name}-unheard`,
    alarmDescription:
      `For a day no message of ${topic.name} was delivered to anybody: nobody hears of runs and alarms. npm run ops -- list names ` +
      "the addresses that have not confirmed. Open the link in AWS's mail; if it is older than three days, remove the address from " +
      "the configuration, deploy, and set it again.",
    metricQuery: [
      count("published", "NumberOfMessagesPublished"),
      count("delivered", "NumberOfNotificationsDelivered"),
      count("filtered", "NumberOfNotificationsFilteredOut"),
      {
        id: "heard",
        label: "Deliveries, where there was a message",
        // A day without a message counts as delivered; the delivered metric has no data either before its first
        // delivery. A subscriber of errors only still counts on a day of successes.
        expression: "IF(published > 0, FILL(delivered, 0) + FILL(filtered, 0), 1)",
        returnData: true,
      },
    ],
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    // A day without a message changes nothing: otherwise the alarm, itself a message, would end and begin again for
    // ever.
    treatMissingData: "ignore",
    alarmActions: [tell.arn],
    okActions: [tell.arn],
  });
}
