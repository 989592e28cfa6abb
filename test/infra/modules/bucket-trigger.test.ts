import { BucketTrigger, type BucketTriggerProps } from "../../../modules/messaging/bucket-trigger";
import { createParts } from "../support/parts";
import { synthesizeConstruct } from "../support/synthesize";
import type { Template } from "../support/template";

interface Given extends Partial<BucketTriggerProps> {
  readonly events?: boolean;
  readonly reservedConcurrency?: number | null;
}

function synthesizeTrigger({ events, reservedConcurrency = 5, ...props }: Given = {}): Template {
  return synthesizeConstruct((scope) => {
    const { key, topic, bucket, createFunction } = createParts(scope, { events });
    new BucketTrigger(scope, "trigger", {
      ...{ name: "files", key, topic, bucket, function: createFunction("worker", { reservedConcurrency }) },
      ...{ batchSize: 10, maximumConcurrency: 5, maxReceives: 4 },
      ...props,
    });
  });
}

const patternOf = (props: Given) =>
  JSON.parse(String(synthesizeTrigger(props).only("aws_cloudwatch_event_rule").event_pattern));
const queue = /^\$\{aws_sqs_queue\.trigger_queue_\w+\.arn\}$/;
const deadLetters = /^\$\{aws_sqs_queue\.trigger_dead-letters_queue_\w+\.arn\}$/;

describe("BucketTrigger", () => {
  const template = synthesizeTrigger();

  test("makes one of each: rule, target, mapping, and two queues", () => {
    const counts = Object.fromEntries(
      ["cloudwatch_event_rule", "cloudwatch_event_target", "lambda_event_source_mapping", "s3_bucket_notification"].map(
        (type) => [type, template.resources(`aws_${type}`).length],
      ),
    );

    expect(new Set(Object.values(counts))).toEqual(new Set([1]));
    expect(template.named("aws_sqs_queue", "trigger_")).toHaveLength(2);
    expect(template.only("aws_s3_bucket_notification")).toMatchObject({ eventbridge: true });
  });

  test("leads new objects of this bucket into the queue, and what cannot be led there into the dead letters", () => {
    expect(patternOf({})).toEqual({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: [expect.stringMatching(/^\$\{aws_s3_bucket\.incoming_\w+\.bucket\}$/)] } },
    });
    expect(template.only("aws_cloudwatch_event_target")).toMatchObject({
      arn: expect.stringMatching(queue),
      dead_letter_config: { arn: expect.stringMatching(deadLetters) },
    });
  });

  test.each<[string, Given, readonly object[]]>([
    ["a prefix", { prefix: "in/" }, [{ prefix: "in/" }]],
    ["all but some prefixes", { exceptPrefixes: ["out/"] }, [{ "anything-but": { prefix: ["out/"] } }]],
  ])("filters keys by %s", (_, filter, keys) => {
    expect(patternOf(filter).detail.object).toEqual({ key: keys });
  });

  test("returns only the failures to the function, and no more at once than its limit", () => {
    expect(template.only("aws_lambda_event_source_mapping")).toMatchObject({
      event_source_arn: expect.stringMatching(queue),
      function_name: expect.stringMatching(/^\$\{aws_lambda_function\.worker_\w+\.arn\}$/),
      batch_size: 10,
      function_response_types: ["ReportBatchItemFailures"],
      scaling_config: { maximum_concurrency: 5 },
    });
  });

  test("hides an event for six times the function's time-out, and gives it up after its tries", () => {
    const [waiting] = template.named("aws_sqs_queue", "trigger_queue");

    expect(waiting?.arguments).toMatchObject({ name: "files", visibility_timeout_seconds: 180 });
    expect(JSON.parse(String(waiting?.arguments.redrive_policy))).toEqual({
      deadLetterTargetArn: expect.stringMatching(deadLetters),
      maxReceiveCount: 4,
    });
  });

  test.each(["trigger_queue", "trigger_dead-letters"])("lets only its own rule send to %s, over TLS", (part) => {
    const policy = template.policies().find(({ place }) => place.includes(`.${part}_access`));

    expect(policy?.statements).toEqual([
      expect.objectContaining({ effect: "Deny", conditions: { Bool: { "aws:SecureTransport": ["false"] } } }),
      {
        effect: "Allow",
        principals: ["Service:events.amazonaws.com"],
        actions: ["sqs:SendMessage"],
        resources: [expect.stringContaining(`aws_sqs_queue.${part}_`)],
        conditions: {
          ArnEquals: {
            "aws:SourceArn": [expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\.trigger_rule_\w+\.arn\}$/)],
          },
        },
      },
    ]);
  });

  test("encrypts both queues, with a key that EventBridge may use", () => {
    for (const { arguments: one } of template.named("aws_sqs_queue", "trigger_")) {
      expect(one.kms_master_key_id).toMatch(/^\$\{aws_kms_key\.key_/);
    }
    const key = template.policies().find(({ place }) => place.startsWith("aws_kms_key."));
    expect(key?.statements.flatMap(({ principals }) => principals)).toContain("Service:events.amazonaws.com");
  });

  test("tells of dead letters, and of an event that waits longer than one try, each with what to do", () => {
    const alarms = template.named("aws_cloudwatch_metric_alarm", "trigger_").map(({ arguments: alarm }) => alarm);

    expect(alarms).toMatchObject([
      {
        metric_name: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: "files-dead-letters" },
        threshold: 1,
        alarm_description: expect.stringContaining("start-message-move-task"),
      },
      {
        metric_name: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: "files" },
        threshold: 180,
        alarm_description: expect.stringContaining("event source mapping is enabled"),
      },
    ]);
  });

  test("gives the function what Lambda needs to receive for it", () => {
    const granted = (role: string, resource: RegExp) =>
      template
        .policies()
        .filter(({ place }) => place.startsWith(`aws_iam_role_policy.${role}_`))
        .flatMap(({ statements }) => statements.filter(({ resources }) => resources.some((one) => resource.test(one))))
        .flatMap(({ actions }) => actions)
        .sort();

    const receive = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
    expect(granted("worker", queue)).toEqual(receive);
    expect(granted("worker", deadLetters)).toEqual([]);
  });

  test.each<[string, Given, RegExp]>([
    ["more at once than the function has reserved", { maximumConcurrency: 6 }, /at most .* 5,.*got 6/],
    ["a bucket that tells nothing", { events: false }, /events: true/],
    [
      "a filter that EventBridge cannot say",
      { prefix: "a/", exceptPrefixes: ["a/b/"] },
      /either exceptPrefixes or prefix.*"a\/"/,
    ],
  ])("refuses %s", (_, given, message) => {
    expect(() => synthesizeTrigger(given)).toThrow(message);
  });

  test("takes any concurrency where none is reserved", () => {
    const roomy = synthesizeTrigger({ maximumConcurrency: 900, reservedConcurrency: null });

    expect(roomy.only("aws_lambda_event_source_mapping").scaling_config).toEqual({ maximum_concurrency: 900 });
  });
});
