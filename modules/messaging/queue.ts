import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import type { Grantee } from "../function/policy";
import { Alarm } from "../observe/alarm";
import type { Key } from "../storage/key";
import type { Topic } from "./topic";

export interface QueueProps {
  /** Without the `.fifo` at the end of a FIFO queue's name. */
  readonly name: string;
  readonly key: Key;
  /** How long a message waits to be read, in days, 1 to 14. @default 14 */
  readonly retentionDays?: number;
  /** How long a received message stays hidden from others, in seconds, up to 43,200. @default 30 */
  readonly visibilitySeconds?: number;
  /** Where a message goes that was received this many times and never deleted. @default nowhere: it expires */
  readonly redrive?: { readonly deadLetters: Queue; readonly maxReceives: number };
  /**
   * Keeps the messages of a group in order, and drops duplicates within a group for five minutes, by the sender's id.
   * @default false
   */
  readonly fifo?: boolean;
  /** ARNs of the EventBridge rules that may send to it; its key must admit the service `events`. @default none */
  readonly ruleArns?: readonly string[];
  /** ARNs of principals, of any account, that may receive its messages; its key must admit them. @default none */
  readonly consumerArns?: readonly string[];
}

/**
 * An encrypted queue that is used over TLS only. Costs 0.40 USD per million requests, 0.50 as a FIFO queue; an unused
 * dead-letter queue costs nothing.
 */
export class Queue extends Construct {
  readonly arn: string;
  readonly name: string;
  readonly url: string;
  readonly #key: Key;

  constructor(scope: Construct, id: string, props: QueueProps) {
    super(scope, id);
    const { name, key, retentionDays = 14, visibilitySeconds = 30, redrive, fifo = false } = props;
    const { ruleArns = [], consumerArns = [] } = props;
    this.name = fifo ? `${name}.fifo` : name;
    const queue = new SqsQueue(this, "queue", {
      name: this.name,
      kmsMasterKeyId: key.arn,
      kmsDataKeyReusePeriodSeconds: 3600,
      messageRetentionSeconds: retentionDays * 24 * 3600,
      visibilityTimeoutSeconds: visibilitySeconds,
      ...(redrive && {
        redrivePolicy: JSON.stringify({
          deadLetterTargetArn: redrive.deadLetters.arn,
          maxReceiveCount: redrive.maxReceives,
        }),
      }),
      ...(fifo && perGroup),
    });
    new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      policy: new DataAwsIamPolicyDocument(this, "access", {
        statement: [
          tlsOnly(queue.arn),
          ...ruleArns.map((ruleArn) => admitRule(ruleArn, queue.arn)),
          ...(consumerArns.length === 0 ? [] : [admitConsumers(consumerArns, queue.arn)]),
        ],
      }).json,
    });
    this.arn = queue.arn;
    this.url = queue.url;
    this.#key = key;
  }

  /** Raises an alarm when a message is in a queue that should be empty. @param description what to do then. */
  alarmWhenNotEmpty(topic: Topic, description: string): void {
    new Alarm(this, "not-empty", {
      name: `${this.name}-not-empty`,
      description,
      topic,
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: this.name },
      statistic: "Maximum",
      when: ">=",
      threshold: 1,
    });
  }

  /** Raises an alarm when a message has not been processed for this long. @param description what to do then. */
  alarmWhenOld(topic: Topic, seconds: number, description: string): void {
    new Alarm(this, "old", {
      name: `${this.name}-old`,
      description,
      topic,
      namespace: "AWS/SQS",
      metric: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: this.name },
      statistic: "Maximum",
      when: ">=",
      threshold: seconds,
    });
  }

  /** Allows sending, and the encryption for it. */
  grantSend(grantee: Grantee): void {
    grantee.allow({ actions: ["sqs:SendMessage"], resources: [this.arn] });
    this.#key.grantEncryptDecrypt(grantee);
  }

  /**
   * Allows receiving and deleting, as Lambda does for a function ("Configuring a queue to use with Lambda", Lambda
   * guide).
   */
  grantReceive(grantee: Grantee): void {
    grantee.allow({ actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage"], resources: [this.arn] });
    this.grantDescribe(grantee);
    this.#key.grantDecrypt(grantee);
  }

  /**
   * Allows reading the queue's settings, for example its largest message size, and its approximate number of messages.
   */
  grantDescribe(grantee: Grantee): void {
    grantee.allow({ actions: ["sqs:GetQueueAttributes"], resources: [this.arn] });
  }
}

/**
 * High throughput ("High throughput for FIFO queues", SQS guide): otherwise the limit is 300 calls a second for all
 * groups.
 */
const perGroup = {
  fifoQueue: true,
  contentBasedDeduplication: false,
  deduplicationScope: "messageGroup",
  fifoThroughputLimit: "perMessageGroupId",
} as const;

function tlsOnly(queueArn: string): DataAwsIamPolicyDocumentStatement {
  return {
    sid: "TlsOnly",
    effect: "Deny",
    principals: [{ type: "*", identifiers: ["*"] }],
    actions: ["sqs:*"],
    resources: [queueArn],
    condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
  };
}

function admitRule(ruleArn: string, queueArn: string): DataAwsIamPolicyDocumentStatement {
  return {
    principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
    actions: ["sqs:SendMessage"],
    resources: [queueArn],
    condition: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [ruleArn] }],
  };
}

/**
 * Everything that consumers call, but nothing that sends, configures or purges ("Basic examples of SQS policies", SQS
 * developer guide).
 */
function admitConsumers(consumerArns: readonly string[], queueArn: string): DataAwsIamPolicyDocumentStatement {
  return {
    sid: "Consumers",
    principals: [{ type: "AWS", identifiers: [...consumerArns] }],
    actions: [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
    ],
    resources: [queueArn],
  };
}
