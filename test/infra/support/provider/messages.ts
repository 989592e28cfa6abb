import { type CallTable, calls, on, passRole } from "./resource-calls";

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
const queue = "{queue_url}";
const alarm = arn("cloudwatch", "alarm:{alarm_name}");
const dashboard = "arn:aws:cloudwatch::111122223333:dashboard/{dashboard_name}";

export const messages: CallTable = {
  aws_sqs_queue: {
    source: "sqs/queue.go",
    arn: arn("sqs", "{name}"),
    make: calls("sqs", "CreateQueue", "TagQueue"),
    read: calls("sqs", "GetQueueAttributes", "ListQueueTags"),
    update: calls("sqs", "SetQueueAttributes", "TagQueue", "UntagQueue"),
    remove: ["sqs:DeleteQueue"],
  },
  aws_sqs_queue_policy: {
    source: "sqs/queue_policy.go, sqs/attribute_funcs.go",
    arn: queue,
    settle: ["sqs:SetQueueAttributes"],
    read: ["sqs:GetQueueAttributes"],
    update: ["sqs:SetQueueAttributes"],
    remove: ["sqs:SetQueueAttributes"],
  },
  aws_sns_topic: {
    source: "sns/topic.go",
    arn: arn("sns", "{name}"),
    make: calls("sns", "CreateTopic", "TagResource"),
    settle: ["sns:SetTopicAttributes"],
    read: calls("sns", "GetTopicAttributes", "ListTagsForResource"),
    update: calls("sns", "SetTopicAttributes", "TagResource", "UntagResource"),
    remove: ["sns:DeleteTopic"],
  },
  aws_sns_topic_policy: {
    source: "sns/topic_policy.go",
    arn: "{arn}",
    settle: ["sns:SetTopicAttributes"],
    read: ["sns:GetTopicAttributes"],
    update: ["sns:SetTopicAttributes"],
    remove: ["sns:SetTopicAttributes"],
  },
  aws_sns_topic_subscription: {
    source: "sns/topic_subscription.go; subscriptions are no resource to IAM",
    arn: "{topic_arn}",
    settle: ["sns:Subscribe"],
    read: on("*", "sns", "GetSubscriptionAttributes"),
    // The filter of a webhook, by its leastSeverity.
    update: on("*", "sns", "SetSubscriptionAttributes"),
    remove: on("*", "sns", "Unsubscribe"),
  },
  aws_cloudwatch_event_rule: {
    source: "events/rule.go",
    arn: arn("events", "rule/{name}"),
    make: calls("events", "PutRule", "TagResource"),
    read: calls("events", "DescribeRule", "ListTagsForResource"),
    update: calls("events", "PutRule", "TagResource", "UntagResource"),
    remove: ["events:DeleteRule"],
  },
  aws_cloudwatch_event_target: {
    source: "events/target.go",
    arn: arn("events", "rule/{rule}"),
    settle: ["events:PutTargets", passRole("{role_arn}", "events")],
    read: ["events:ListTargetsByRule"],
    update: ["events:PutTargets"],
    remove: ["events:RemoveTargets"],
  },
  aws_cloudwatch_metric_alarm: {
    source: "cloudwatch/metric_alarm.go",
    arn: alarm,
    make: calls("cloudwatch", "PutMetricAlarm", "TagResource"),
    read: [...on(arn("cloudwatch", "alarm:*"), "cloudwatch", "DescribeAlarms"), "cloudwatch:ListTagsForResource"],
    update: calls("cloudwatch", "PutMetricAlarm", "TagResource", "UntagResource"),
    remove: ["cloudwatch:DeleteAlarms"],
  },
  aws_budgets_budget: {
    source: "budgets/budget.go; rights: Service Authorization Reference, AWS Budget Service",
    arn: "arn:aws:budgets::111122223333:budget/{name}",
    make: calls("budgets", "ModifyBudget", "TagResource"),
    read: calls("budgets", "ViewBudget", "ListTagsForResource"),
    update: calls("budgets", "ModifyBudget", "TagResource", "UntagResource"),
    remove: ["budgets:ModifyBudget"],
  },
  aws_cloudwatch_dashboard: {
    source: "cloudwatch/dashboard.go",
    arn: dashboard,
    settle: ["cloudwatch:PutDashboard"],
    read: ["cloudwatch:GetDashboard"],
    update: ["cloudwatch:PutDashboard"],
    remove: ["cloudwatch:DeleteDashboards"],
  },
  aws_cloudwatch_log_group: {
    source: "logs/group.go",
    arn: arn("logs", "log-group:{name}"),
    make: calls("logs", "CreateLogGroup", "TagResource"),
    settle: ["logs:PutRetentionPolicy"],
    read: [...on("*", "logs", "DescribeLogGroups"), "logs:ListTagsForResource"],
    update: calls("logs", "PutRetentionPolicy", "AssociateKmsKey", "TagResource", "UntagResource"),
    remove: ["logs:DeleteLogGroup"],
  },
};
