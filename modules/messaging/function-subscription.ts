import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { NodeFunction } from "../function/node-function";
import type { Topic } from "./topic";

export interface FunctionSubscriptionProps {
  readonly topic: Topic;
  /** Called asynchronously, with one message per event. */
  readonly function: NodeFunction;
  /** Values of message attributes that pass; messages without the attribute pass, too. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** Delivers a topic's messages to a function. */
export class FunctionSubscription extends Construct {
  constructor(scope: Construct, id: string, { topic, function: fn, attributes }: FunctionSubscriptionProps) {
    super(scope, id);
    const permission = new LambdaPermission(this, "permission", {
      statementId: "topic",
      action: "lambda:InvokeFunction",
      functionName: fn.name,
      principal: "sns.amazonaws.com",
      sourceArn: topic.arn,
    });
    const filter = Object.entries(attributes).map(([name, values]) => [name, [...values, { exists: false }]]);
    new SnsTopicSubscription(this, "subscription", {
      topicArn: topic.arn,
      protocol: "lambda",
      endpoint: fn.arn,
      filterPolicy: JSON.stringify(Object.fromEntries(filter)),
      dependsOn: [permission],
    });
  }
}
