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
  /** Must send its events to EventBridge. */
  readonly bucket: Bucket;
  /** Receives the events, and reports those that failed (`batchItemFailures`): only these come again. */
  readonly function: NodeFunction;
  /** Events per call of the function, 1 to 10. */
  readonly batchSize: number;
  /** Concurrent calls of the function for these events, 2 to 1,000; at most its reserved concurrency. */
  readonly maximumConcurrency: number;
  /** Tries of an event before it goes to the dead-letter queue. */
  readonly maxReceives: number;
  /** Encrypts both queues; must admit the service `events`. */
  readonly key: Key;
  /** Receives the alarms. */
  readonly topic: Topic;
}

/**
 * Multiple of the function's time-out after which a failed event is tried again ("Configuring a queue to use with
 * Lambda").
 */
const VISIBILITY_FACTOR = 6;

/**
 * Calls a function for each new object of a bucket: EventBridge rule → queue, with a dead-letter queue → function. An
 * event may come more than once, and in any order. Costs two alarms (0.20 USD a month), and 1.40 USD per million
 * objects.
 */
export class BucketTrigger extends Construct {
  readonly queue: Queue;
  /** Events whose tries all failed, and those that could not be put into the queue. */
  readonly deadLetters: Queue;

  /** @throws RangeError if the concurrency or the filter cannot work */
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
      `${fn.name} failed ${maxReceives} times on the event of a new object, which is now in ` +
        `${this.deadLetters.name}. Read why in its log (/aws/lambda/${fn.name}), fix that, then move the events back: ` +
        "aws sqs start-message-move-task --source-arn <ARN of the dead-letter queue> --destination-arn <ARN of the queue>.",
    );
    this.queue.alarmWhenOld(
      topic,
      visibilitySeconds,
      `An event in ${name} has waited for more than ${visibilitySeconds} s: it failed and comes again, or nothing takes ` +
        `it. Check the log of ${fn.name} (/aws/lambda/${fn.name}), its throttles, and whether its event source ` +
        "mapping is enabled. Events that keep failing are moved to the dead-letter queue automatically.",
    );
  }
}

function check({ bucket, function: fn, maximumConcurrency }: BucketTriggerProps): void {
  if (fn.reservedConcurrency !== null && fn.reservedConcurrency < maximumConcurrency) {
    throw new RangeError(
      `The maximum concurrency of ${fn.name}'s queue must be at most the function's reserved concurrency, ` +
        `${fn.reservedConcurrency}, or calls are throttled and count as tries: got ${maximumConcurrency}`,
    );
  }
  if (!bucket.sendsEvents) {
    throw new RangeError(
      `The bucket that triggers ${fn.name} must be created with events: true: it sends no events to EventBridge`,
    );
  }
}
