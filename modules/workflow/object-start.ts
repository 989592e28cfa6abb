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
  /** Of the rule; its role is `<name>-start`, its dead-letter queue `<name>-dead-letters`. At most 58 characters. */
  readonly name: string;
  /** Must tell EventBridge of its objects. */
  readonly bucket: Bucket;
  /** What is started, with the event of EventBridge as its input. */
  readonly target: StateMachine;
  /** Encrypts the dead-letter queue; must let the service `events` use it. */
  readonly key: Key;
  /** Gets the alarm. */
  readonly topic: Topic;
}

/**
 * Starts a state machine for each new object of a bucket, at once and at least once. For objects that come by the
 * thousand, a {@link BucketTrigger} lets a queue wait in between. Costs 1 USD a million objects, and 0.10 USD a month.
 */
export class ObjectStart extends Construct {
  /** Events that started nothing, after a day of tries. */
  readonly deadLetters: Queue;

  /** @throws RangeError where the bucket sends no events or the filter cannot be said */
  constructor(scope: Construct, id: string, props: ObjectStartProps) {
    super(scope, id);
    const { name, bucket, target, key, topic, ...filter } = props;
    if (!bucket.sendsEvents) {
      throw new RangeError(`The bucket that starts ${target.name} must be made with events: true: it tells nothing`);
    }
    const rule = new CloudwatchEventRule(this, "rule", {
      name,
      description: `New objects, for ${target.name}`,
      eventPattern: JSON.stringify(objectCreatedPattern(bucket.name, filter)),
    });
    this.deadLetters = new Queue(this, "dead-letters", { name: `${name}-dead-letters`, key, ruleArns: [rule.arn] });
    this.deadLetters.alarmWhenNotEmpty(
      topic,
      `${target.name} could not be started for a new object. The message says why (ERROR_MESSAGE). Repair that; the next ` +
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
