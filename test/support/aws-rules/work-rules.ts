import type { AwsRule } from "./aws-rule";

const step = "pipelines.covid.steps.load";
const sqs = "SQS developer guide, Amazon SQS message quotas; API reference, CreateQueue and SetQueueAttributes";
const eventSource = "Lambda developer guide, Creating and configuring an Amazon SQS event source mapping";
const map = "Step Functions developer guide, Using Map state in Distributed mode, and Step Functions service quotas";
const consumers = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    principalArn: `arn:aws:iam::444455556666:role/${at}/${"r".repeat(128)}`,
  }));
const webhooks = (count: number, longest: number) =>
  Array.from({ length: count }, (_, at) => ({
    ...{ name: `team${at}`, kind: "slack" },
    secretArn: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${String(at).padEnd(longest, "x")}-AbCdEf`,
  }));

/** Of functions, messages and who is told. */
export const workRules: readonly AwsRule[] = [
  {
    rule: "a boundary of 6,144 characters, which names all secrets",
    source: "IAM user guide, IAM and AWS STS quotas",
    key: "notifications.webhooks",
    accepted: [webhooks(4, 346), webhooks(17, 12)],
    refused: [webhooks(4, 347), webhooks(25, 1)],
  },
  {
    rule: "reserved concurrency; 0 would stop the function",
    source: "Lambda developer guide, Configuring reserved concurrency for a function",
    key: `${step}.reservedConcurrency`,
    accepted: [1, 1000, null],
    refused: [0, -1, 1.5],
  },
  {
    rule: "maximum concurrency of a queue",
    source: eventSource,
    key: "pipelines.orders.trigger.maximumConcurrency",
    under: { pipelines: { orders: { steps: { send: { reservedConcurrency: null } } } } },
    accepted: [2, 1000],
    refused: [1, 1001],
  },
  {
    rule: "batch of a queue without a batching window",
    source: eventSource,
    key: "pipelines.orders.trigger.batchSize",
    accepted: [1, 10],
    refused: [0, 11],
  },
  {
    rule: "a message is kept for up to 14 days",
    source: sqs,
    key: "pipelines.orders.outgoing.retentionDays",
    accepted: [1, 14],
    refused: [0, 15],
  },
  {
    rule: "visibility time-out of up to 12 hours",
    source: sqs,
    key: "pipelines.orders.outgoing.visibilitySeconds",
    accepted: [0, 43_200],
    refused: [-1, 43_201],
  },
  {
    rule: "children at once, 10,000 at most; each is an execution of the function",
    source: map,
    key: "feeds.sales.maxConcurrency",
    under: {
      database: { connectionLimit: 5000 },
      feeds: { sales: { engine: "distributed-map", steps: { load: { reservedConcurrency: null } } } },
    },
    accepted: [1, 1000],
    refused: [0, 1001],
  },
  {
    rule: "an execution of up to a year",
    source: map,
    key: "feeds.sales.maxHours",
    accepted: [1, 720],
    refused: [0, 721],
  },
  {
    rule: "an endpoint is subscribed once",
    source: "SNS API reference, Subscribe",
    key: "notifications.emails",
    accepted: [["a@example.com", "b@example.com"]],
    refused: [["a@example.com", "a@example.com"], ["a"]],
  },
  {
    rule: "days that log events are kept",
    source: "CloudWatch Logs API reference, PutRetentionPolicy",
    key: "logs.retentionDays",
    accepted: [1, 14, 365, 2557],
    refused: [0, 2, 31, 366],
  },
  {
    rule: "a limit above zero",
    source: "AWS Budgets API reference, Budget and Spend",
    key: "budget.monthlyUsd",
    accepted: [1, 1_000_000],
    refused: [0, -1, 0.5, "100"],
  },
  {
    rule: "as many as a queue's policy of 8,192 bytes takes by the longest names",
    source: "SQS developer guide, Amazon SQS policy quotas",
    key: "pipelines.orders.consumers",
    accepted: [consumers(0), consumers(16)],
    refused: [consumers(17)],
  },
];
