import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import type { Topic } from "../messaging/topic";

/** Messages are delivered within seconds, so that a day's end separates hardly one from its delivery. */
const DAY = 86_400;

export interface UnheardAlarmProps {
  /** The one that nobody may hear. */
  readonly topic: Topic;
  /** Who is told. @default the topic itself: nobody hears it, but the console and the dashboard show it */
  readonly tell?: Topic;
}

/**
 * That all messages of a day went to nobody, as a subscription by e-mail gets nothing until somebody confirms it. SNS counts no
 * subscriptions that wait, but what it takes, what it delivers and what a subscriber's filter keeps back ("Monitoring Amazon SNS
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
      `For a day no message of ${topic.name} was delivered to anybody: runs and alarms are told to nobody. npm run ops -- list names ` +
      "the addresses that have not confirmed. Open the link in AWS's mail; where it is older than three days, remove the address from " +
      "the configuration, deploy, and set it again.",
    metricQuery: [
      count("published", "NumberOfMessagesPublished"),
      count("delivered", "NumberOfNotificationsDelivered"),
      count("filtered", "NumberOfNotificationsFilteredOut"),
      {
        id: "heard",
        label: "Deliveries, where there was a message",
        // A day without a message is as good as heard; what was delivered has none either before its first time. Who takes
        // errors only is there on a day of successes, too.
        expression: "IF(published > 0, FILL(delivered, 0) + FILL(filtered, 0), 1)",
        returnData: true,
      },
    ],
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    // A day without a message changes nothing: the alarm itself is one, and would end and begin again for ever.
    treatMissingData: "ignore",
    alarmActions: [tell.arn],
    okActions: [tell.arn],
  });
}
