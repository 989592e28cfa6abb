import { ServiceRole } from "../../../modules/function/service-role";
import { Queue } from "../../../modules/messaging/queue";
import { Topic } from "../../../modules/messaging/topic";
import { Key } from "../../../modules/storage/key";
import { synthesizeConstruct } from "../support/synthesize";

const template = synthesizeConstruct((scope) => {
  const key = new Key(scope, "key", { name: "feeds", description: "Of the test." });
  const topic = new Topic(scope, "topic", { name: "feeds", key, emails: ["a@example.com"] });
  const queue = new Queue(scope, "queue", { name: "feeds", key, retentionDays: 4 });
  const role = (id: string) =>
    new ServiceRole(scope, id, { name: id, description: "Of the test.", service: "lambda.amazonaws.com" });
  queue.grantSend(role("sender"));
  queue.alarmWhenNotEmpty(topic, "Read the message, repair its cause, delete it.");
  topic.grantPublish(role("publisher"));
  queue.grantReceive(role("receiver"));
  queue.grantDescribe(role("observer"));
});

const granted = (role: string) =>
  template
    .policies()
    .filter(({ place }) => place.startsWith(`aws_iam_role_policy.${role}_`))
    .flatMap(({ statements }) => statements.flatMap(({ actions }) => actions));

describe("queue and topic", () => {
  test("are encrypted with the customer's key, and keep messages as long as configured", () => {
    const key = expect.stringMatching(/^\$\{aws_kms_key\.key_/);

    expect(template.only("aws_sqs_queue")).toMatchObject({
      kms_master_key_id: key,
      message_retention_seconds: 345_600,
    });
    expect(template.only("aws_sns_topic")).toMatchObject({ kms_master_key_id: key });
  });

  test("answer over TLS only, and let only alarms of this account publish", () => {
    const policies = template.policies().filter(({ place }) => place.includes("_access_"));

    expect(policies).toHaveLength(2);
    for (const { statements } of policies) {
      const denied = statements.filter(({ effect }) => effect === "Deny");
      expect(denied.map(({ conditions }) => conditions)).toEqual([{ Bool: { "aws:SecureTransport": ["false"] } }]);
    }
    const allowed = policies.flatMap(({ statements }) => statements.filter(({ effect }) => effect === "Allow"));
    expect(allowed).toEqual([
      expect.objectContaining({
        principals: ["Service:cloudwatch.amazonaws.com"],
        actions: ["sns:Publish"],
        conditions: { StringEquals: { "aws:SourceAccount": [expect.stringContaining("account_id")] } },
      }),
    ]);
  });

  test("grant a sender or publisher its call, and the encryption's needs", () => {
    expect(granted("sender")).toEqual(["sqs:SendMessage", "kms:Decrypt", "kms:GenerateDataKey"]);
    expect(granted("publisher")).toEqual(["sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"]);
    expect(granted("receiver")).toEqual([
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "kms:Decrypt",
    ]);
    expect(granted("observer")).toEqual(["sqs:GetQueueAttributes"]);
  });

  test("tell of the first message in a queue that should be empty", () => {
    expect(template.only("aws_cloudwatch_metric_alarm")).toMatchObject({
      alarm_name: "feeds-not-empty",
      metric_name: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "feeds" },
      threshold: 1,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      treat_missing_data: "notBreaching",
      alarm_actions: [expect.stringMatching(/^\$\{aws_sns_topic\.topic_/)],
    });
  });
});

describe("a FIFO queue", () => {
  const fifo = synthesizeConstruct((scope) => {
    const key = new Key(scope, "key", { name: "feeds", description: "Of the test." });
    const topic = new Topic(scope, "topic", { name: "feeds", key });
    const deadLetters = new Queue(scope, "dead", { name: "dead", key, fifo: true });
    const queue = new Queue(scope, "out", {
      ...{ name: "out", key, fifo: true, visibilitySeconds: 60 },
      redrive: { deadLetters, maxReceives: 3 },
    });
    queue.alarmWhenOld(topic, 7200, "Start the consumer.");
  });
  const [out] = fifo.named("aws_sqs_queue", "out");

  test("has its name's end, order and repetitions by group, and no id but the sender's", () => {
    expect(out?.arguments).toMatchObject({
      name: "out.fifo",
      fifo_queue: true,
      content_based_deduplication: false,
      deduplication_scope: "messageGroup",
      fifo_throughput_limit: "perMessageGroupId",
      visibility_timeout_seconds: 60,
    });
  });

  test("gives up a message after so many tries", () => {
    expect(JSON.parse(String(out?.arguments.redrive_policy))).toEqual({
      deadLetterTargetArn: expect.stringMatching(/^\$\{aws_sqs_queue\.dead_\w+\.arn\}$/),
      maxReceiveCount: 3,
    });
  });

  test("notifies of a message that no consumer takes", () => {
    expect(fifo.only("aws_cloudwatch_metric_alarm")).toMatchObject({
      alarm_name: "out.fifo-old",
      metric_name: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: "out.fifo" },
      threshold: 7200,
    });
  });
});
