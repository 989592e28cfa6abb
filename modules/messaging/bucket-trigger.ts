import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { Construct } from "constructs";
import type { NodeFunction } from "../function/node-function";
import type { Bucket } from "../storage/bucket";
import type { Key } from "../storage/key";
import { type KeyFilter, objectCreatedPattern } from "./object-pattern";
import { Queue } from "./queue";
import type { Topic } from "./topic";

export interface BucketTriggerProps extends KeyFilter {
  /** Of rule and queue; the dead-letter queue is `<name>-dead-letters`. */
  readonly name: string;
  /** Must tell EventBridge of its objects. */
  readonly bucket: Bucket;
  /** Gets the events, and says which of them failed (`batchItemFailures`): those alone come again. */
  readonly function: NodeFunction;
  /** How many events the function gets at once, 1 to 10. */
  readonly batchSize: number;
  /** How many of the function run at once for these events, 2 to 1,000; no more than it has reserved. */
  readonly maximumConcurrency: number;
  /** How many times an event is tried before it goes to the dead-letter queue. */
  readonly maxReceives: number;
  /** Encrypts both queues; must let the service `events` use it. */
  readonly key: Key;
  /** Gets the alarms. */
  readonly topic: Topic;
}

/** An event that failed is tried again after so many time-outs of the function ("Configuring a queue to use with Lambda"). */
const VISIBILITY_FACTOR = 6;

/**
 * Calls a function for each new object of a bucket: EventBridge rule → queue, with a dead-letter queue → function. An
 * event may come more than once, and in any order. Costs nothing while idle but two alarms (0.20 USD a month), and
 * 1.40 USD a million objects.
 */
export class BucketTrigger extends Construct {
  readonly queue: Queue;
  /** Events that were tried in vain, and those that could not be put into the queue. */
  readonly deadLetters: Queue;

  /** @throws RangeError where the concurrency or the filter cannot work */
  constructor(scope: Construct, id: string, props: BucketTriggerProps) {
    super(scope, id);
    const { name, key, maxReceives } = props;
    const visibilitySeconds = VISIBILITY_FACTOR * props.function.timeoutSeconds;
    check(props);
    const rule = this.#createRule(props);
    this.deadLetters = new Queue(this, "dead-letters", { name: `${name}-dead-letters`, key, ruleArns: [rule.arn] });
    this.queue = new Queue(this, "queue", {
      name,
      key,
      visibilitySeconds,
      redrive: { deadLetters: this.deadLetters, maxReceives },
      ruleArns: [rule.arn],
    });
    this.#connect(rule);
    this.#mapTo(props);
    this.#addAlarms(props, visibilitySeconds);
  }

  #createRule({ name, bucket, function: { name: functionName }, ...filter }: BucketTriggerProps): CloudwatchEventRule {
    return new CloudwatchEventRule(this, "rule", {
      name,
      description: `New objects, for ${functionName}`,
      eventPattern: JSON.stringify(objectCreatedPattern(bucket.name, filter)),
    });
  }

  #connect(rule: CloudwatchEventRule): void {
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      targetId: "queue",
      arn: this.queue.arn,
      retryPolicy: { maximumEventAgeInSeconds: 24 * 3600, maximumRetryAttempts: 185 },
      deadLetterConfig: { arn: this.deadLetters.arn },
    });
  }

  #mapTo({ function: fn, batchSize, maximumConcurrency }: BucketTriggerProps): void {
    this.queue.grantReceive(fn);
    new LambdaEventSourceMapping(this, "mapping", {
      eventSourceArn: this.queue.arn,
      functionName: fn.arn,
      batchSize,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency },
    });
  }

  #addAlarms({ name, topic, function: fn, maxReceives }: BucketTriggerProps, visibilitySeconds: number): void {
    this.deadLetters.alarmWhenNotEmpty(
      topic,
      `${fn.name} failed ${maxReceives} times on the event of a new object, which now lies in ` +
        `${this.deadLetters.name}. Read why in its log (/aws/lambda/${fn.name}), repair that, then move the events back: ` +
        "aws sqs start-message-move-task --source-arn <ARN of the dead-letter queue> --destination-arn <ARN of the queue>.",
    );
    this.queue.alarmWhenOld(
      topic,
      visibilitySeconds,
      `An event in ${name} has waited for more than ${visibilitySeconds} s: it failed and comes again, or nobody takes ` +
        `it. Look into the log of ${fn.name} (/aws/lambda/${fn.name}), at its throttles, and whether its event source ` +
        "mapping is enabled. Events that go on failing end in the dead-letter queue by themselves.",
    );
  }
}

function check({ bucket, function: fn, maximumConcurrency }: BucketTriggerProps): void {
  if (fn.reservedConcurrency !== null && fn.reservedConcurrency < maximumConcurrency) {
    throw new RangeError(
      `The maximum concurrency of ${fn.name}'s queue must be at most what the function has reserved, ` +
        `${fn.reservedConcurrency}, or calls are throttled and count as tries: got ${maximumConcurrency}`,
    );
  }
  if (!bucket.sendsEvents) {
    throw new RangeError(
      `The bucket that triggers ${fn.name} must be made with events: true: it tells EventBridge nothing`,
    );
  }
}
