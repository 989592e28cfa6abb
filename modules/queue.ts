import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import { Alarm } from "./alarm";
import type { Key } from "./key";
import type { Grantee } from "./policy";
import type { Topic } from "./topic";

export interface QueueProps {
  readonly name: string;
  readonly key: Key;
  /** How long a message waits to be read, in days, 1 to 14. @default 14 */
  readonly retentionDays?: number;
}

/**
 * An encrypted standard queue that is spoken to over TLS only. Costs 0.40 USD a million requests; an unused
 * dead-letter queue costs nothing.
 */
export class Queue extends Construct {
  readonly arn: string;
  readonly name: string;
  readonly url: string;
  readonly #key: Key;

  constructor(scope: Construct, id: string, { name, key, retentionDays = 14 }: QueueProps) {
    super(scope, id);
    const queue = new SqsQueue(this, "queue", {
      name,
      kmsMasterKeyId: key.arn,
      kmsDataKeyReusePeriodSeconds: 3600,
      messageRetentionSeconds: retentionDays * 24 * 3600,
    });
    new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      policy: new DataAwsIamPolicyDocument(this, "access", {
        statement: [
          {
            sid: "TlsOnly",
            effect: "Deny",
            principals: [{ type: "*", identifiers: ["*"] }],
            actions: ["sqs:*"],
            resources: [queue.arn],
            condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
          },
        ],
      }).json,
    });
    this.arn = queue.arn;
    this.name = name;
    this.url = queue.url;
    this.#key = key;
  }

  /** Tells the topic when a message lies in a queue that should be empty. @param description what to do then. */
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

  /** Send, and what encryption needs for it. */
  grantSend(grantee: Grantee): void {
    grantee.allow({ actions: ["sqs:SendMessage"], resources: [this.arn] });
    this.#key.grantEncryptDecrypt(grantee);
  }
}
