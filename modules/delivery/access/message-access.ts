import type { Construct } from "constructs";
import { Account } from "../../account";
import { type Access, type AccessScope, actions, logGroups } from "./access";

export interface MessageAccessScope extends AccessScope {
  /** Whether subscriptions have filters, which a deployment may have to change. */
  readonly filters: boolean;
}

/** Topics, queues, rules, alarms, budgets, dashboards, log groups. */
export function messageAccess(scope: Construct, { prefix, filters }: MessageAccessScope): Access {
  const account = Account.of(scope);
  const topics = [account.arn("sns", `${prefix}-*`)];
  const queues = [account.arn("sqs", `${prefix}-*`)];
  const rules = [account.arn("events", `rule/${prefix}-*`)];
  const watches = [
    account.arn("cloudwatch", `alarm:${prefix}-*`),
    account.globalArn("cloudwatch", `dashboard/${prefix}-*`),
  ];
  const logs = logGroups(account, prefix);
  const budgets = [account.globalArn("budgets", `budget/${prefix}-*`)];
  return {
    read: [
      { actions: actions("sns", "GetTopicAttributes", "ListTagsForResource"), resources: topics },
      { actions: actions("sns", "GetSubscriptionAttributes"), resources: ["*"] },
      { actions: actions("sqs", "GetQueueAttributes", "ListQueueTags"), resources: queues },
      { actions: actions("events", "DescribeRule", "ListTargetsByRule", "ListTagsForResource"), resources: rules },
      { actions: actions("cloudwatch", "ListTagsForResource", "GetDashboard"), resources: watches },
      // Lists are checked against every alarm, even if the request names some.
      { actions: actions("cloudwatch", "DescribeAlarms"), resources: [account.arn("cloudwatch", "alarm:*")] },
      { actions: actions("budgets", "ViewBudget", "ListTagsForResource"), resources: budgets },
      { actions: actions("logs", "ListTagsForResource"), resources: logs },
      { actions: actions("logs", "DescribeLogGroups"), resources: ["*"] },
    ],
    write: [
      {
        actions: actions("sns", "CreateTopic", "SetTopicAttributes", "Subscribe", "TagResource", "UntagResource"),
        resources: topics,
      },
      ...(filters ? [{ actions: actions("sns", "SetSubscriptionAttributes"), resources: ["*"] }] : []),
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
      { actions: actions("budgets", "ModifyBudget", "TagResource", "UntagResource"), resources: budgets },
      { actions: actions("logs", "CreateLogDelivery"), resources: ["*"] },
    ],
    remove: [
      // A policy is removed by setting an attribute: the destroyer needs that action.
      { actions: actions("sns", "DeleteTopic", "SetTopicAttributes"), resources: topics },
      { actions: actions("sns", "Unsubscribe"), resources: ["*"] },
      { actions: actions("sqs", "DeleteQueue", "SetQueueAttributes"), resources: queues },
      { actions: actions("events", "RemoveTargets", "DeleteRule"), resources: rules },
      { actions: actions("cloudwatch", "DeleteAlarms", "DeleteDashboards"), resources: watches },
      // Changing and deleting a budget are the same permission.
      { actions: actions("budgets", "ModifyBudget"), resources: budgets },
      { actions: actions("logs", "DeleteLogGroup"), resources: logs },
      // A flow log is a log delivery, whose actions support no resources ("Publish flow logs to CloudWatch Logs", VPC
      // guide).
      { actions: actions("logs", "DeleteLogDelivery"), resources: ["*"] },
    ],
  };
}
