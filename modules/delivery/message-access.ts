import type { Construct } from "constructs";
import { Account } from "../account";
import { type Access, type AccessScope, actions } from "./access";

/** Topics, queues, rules, alarms, dashboards, log groups. */
export function messageAccess(scope: Construct, { prefix }: AccessScope): Access {
  const account = Account.of(scope);
  const topics = [account.arn("sns", `${prefix}-*`)];
  const queues = [account.arn("sqs", `${prefix}-*`)];
  const rules = [account.arn("events", `rule/${prefix}-*`)];
  const watches = [
    account.arn("cloudwatch", `alarm:${prefix}-*`),
    account.globalArn("cloudwatch", `dashboard/${prefix}-*`),
  ];
  const logs = ["lambda/", "vendedlogs/states/", "vpc/", "rds/instance/"].map((owner) =>
    account.arn("logs", `log-group:/aws/${owner}${prefix}-*`),
  );
  return {
    read: [
      { actions: actions("sns", "Get*", "List*"), resources: topics },
      { actions: actions("sqs", "GetQueueAttributes", "GetQueueUrl", "ListQueueTags"), resources: queues },
      { actions: actions("events", "DescribeRule", "ListTargetsByRule", "ListTagsForResource"), resources: rules },
      {
        actions: actions("cloudwatch", "DescribeAlarms", "ListTagsForResource", "GetDashboard"),
        resources: watches,
      },
      { actions: actions("logs", "ListTagsForResource"), resources: logs },
      { actions: actions("logs", "DescribeLogGroups"), resources: [account.arn("logs", "log-group:*")] },
    ],
    write: [
      {
        actions: actions(
          "sns",
          "CreateTopic",
          "SetTopicAttributes",
          "Subscribe",
          "SetSubscriptionAttributes",
          "TagResource",
          "UntagResource",
        ),
        resources: topics,
      },
      { actions: actions("sqs", "CreateQueue", "SetQueueAttributes", "TagQueue", "UntagQueue"), resources: queues },
      { actions: actions("events", "PutRule", "PutTargets", "TagResource", "UntagResource"), resources: rules },
      {
        actions: actions("cloudwatch", "PutMetricAlarm", "PutDashboard", "TagResource", "UntagResource"),
        resources: watches,
      },
      {
        actions: actions(
          "logs",
          "CreateLogGroup",
          "PutRetentionPolicy",
          "AssociateKmsKey",
          "TagResource",
          "UntagResource",
        ),
        resources: logs,
      },
      { actions: deliveryActions, resources: ["*"] },
    ],
    remove: [
      { actions: actions("sns", "DeleteTopic", "Unsubscribe"), resources: topics },
      { actions: actions("sqs", "DeleteQueue"), resources: queues },
      { actions: actions("events", "RemoveTargets", "DeleteRule"), resources: rules },
      { actions: actions("cloudwatch", "DeleteAlarms", "DeleteDashboards"), resources: watches },
      { actions: actions("logs", "DeleteLogGroup"), resources: logs },
    ],
  };
}

/** Who makes a state machine or a flow log that logs makes a log delivery, which knows no resources. */
const deliveryActions = actions(
  "logs",
  "CreateLogDelivery",
  "GetLogDelivery",
  "UpdateLogDelivery",
  "DeleteLogDelivery",
);
