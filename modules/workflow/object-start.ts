import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import { ServiceRole } from "../function/service-role";
import { type KeyFilter, objectCreatedPattern } from "../messaging/object-pattern";
import { Queue } from "../messaging/queue";
import type { Topic } from "../messaging/topic";
import type { Bucket } from "../storage/bucket";
import type { Key } from "../storage/key";
import type { StateMachine } from "./state-machine";

export interface ObjectStartProps extends KeyFilter {
  /**
   * Name of the rule; its role is `<name>-start`, its dead-letter queue `<name>-dead-letters`. At most 58 characters.
   */
  readonly name: string;
  /** Must send its events to EventBridge. */
  readonly bucket: Bucket;
  /** The target that is started, with the EventBridge event as its input. */
  readonly target: StateMachine;
  /** Encrypts the dead-letter queue; must admit the service `events`. */
  readonly key: Key;
  /** Receives the alarm. */
  readonly topic: Topic;
}

/**
 * Starts a state machine for each new object of a bucket, at once and at least once. For thousands of objects at once,
 * use a {@link BucketTrigger}, which has a queue in between. Costs 1 USD per million objects, and 0.10 USD a month.
 */
export class ObjectStart extends Construct {
  /** Events whose start failed for a day of tries. */
  readonly deadLetters: Queue;

  /** @throws RangeError if the bucket sends no events or the filter cannot be expressed */
  constructor(scope: Construct, id: string, props: ObjectStartProps) {
    super(scope, id);
    const { name, bucket, target, key, topic, ...filter } = props;
    if (!bucket.sendsEvents) {
      throw new RangeError(
        `The bucket that starts ${target.name} must be created with events: true: it sends no events`,
      );
    }
    const rule = new CloudwatchEventRule(this, "rule", {
      name,
      description: `New objects, for ${target.name}`,
      eventPattern: JSON.stringify(objectCreatedPattern(bucket.name, filter)),
    });
    this.deadLetters = new Queue(this, "dead-letters", { name: `${name}-dead-letters`, key, ruleArns: [rule.arn] });
    this.deadLetters.alarmWhenNotEmpty(
      topic,
      `${target.name} could not be started for a new object. The message says why (ERROR_MESSAGE). Fix that; the next ` +
        "run loads the object, and npm run ops -- redrive starts one now.",
    );
    const role = new ServiceRole(this, "role", {
      name: `${name}-start`,
      description: `Starts ${target.name} for new objects`,
      service: "events.amazonaws.com",
      namesAccount: true,
    });
    target.grantStart(role);
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      targetId: "state-machine",
      arn: target.arn,
      roleArn: role.arn,
      retryPolicy: { maximumEventAgeInSeconds: 24 * 3600, maximumRetryAttempts: 185 },
      deadLetterConfig: { arn: this.deadLetters.arn },
      dependsOn: [role.policy],
    });
  }
}
